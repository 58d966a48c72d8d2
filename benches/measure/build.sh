#!/usr/bin/env bash
# What a dependency adds to a cold build: crates, and rustc's CPU seconds for them (and their build scripts,
# which are not timed as they run) and for the program, beyond what it costs without them. A crate of reqwest's own that has to be
# compiled with more features is not counted, which is in favour of who asks for them.
source "$(dirname "$0")/common.sh"
project=$(cd .. && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export RUSTC_WRAPPER=$folder/timed LOG=/dev/null
cat > "$RUSTC_WRAPPER" <<'EOD'
#!/usr/bin/env bash
TIMEFORMAT="${CARGO_PKG_NAME:-rustc}@${CARGO_PKG_VERSION:-} %U %S"
exec 3>&2
{ time "$@" 2>&3; } 2>> "$LOG"
EOD
chmod +x "$RUSTC_WRAPPER"
cp ../rust-toolchain.toml "$folder"

# program NAME MAIN < dependencies
program() {
    mkdir -p "$folder/$1/src"
    { printf '[package]\nname = "%s"\nversion = "0.1.0"\nedition = "2024"\n[workspace]\n[dependencies]\n' "bench-$1"; cat; } > "$folder/$1/Cargo.toml"
    echo "$2" > "$folder/$1/src/main.rs"
    # The same versions as everything else that is measured.
    cp Cargo.lock "$folder/$1"
    (cd "$folder/$1" && cargo fetch --quiet)
}

base='reqwest = { version = "0.13", default-features = false }
tokio = { version = "1", features = ["rt"] }'
run='fn main() { tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(send()); }'

program empty 'fn main() {}' <<<''
program alone 'fn main() {
    let code = std::env::args().count() as u16;
    println!("{:?}", memfault_status::policy().first_attempt().next(retrospec::Outcome::status(code)));
}' <<EOD
memfault-status = { path = "$project/generated/memfault-status" }
retrospec = { path = "$project/runtime/engine" }
EOD
program reqwest "$run
async fn send() { println!(\"{:?}\", reqwest::Client::new().get(\"http://localhost\").send().await); }" <<<"$base"
program ours "$run
async fn send() {
    use retrospec_client::SendWith;
    let request = reqwest::Client::new().get(\"http://localhost\");
    println!(\"{:?}\", request.send_with(memfault_status::policy()).await);
}" <<EOD
$base
memfault-status = { path = "$project/generated/memfault-status" }
retrospec-client = { path = "$project/runtime/client", features = ["reqwest"] }
EOD
retrying="$run
async fn send() {
    let policy = reqwest_retry::policies::ExponentialBackoff::builder().build_with_max_retries(5);
    let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(reqwest_retry::RetryTransientMiddleware::new_with_policy(policy))
        .build();
    println!(\"{:?}\", client.get(\"http://localhost\").send().await);
}"
program reqwest-retry "$retrying" <<EOD
$base
reqwest-middleware = { version = "0.5", default-features = false }
reqwest-retry = "0.9.1"
EOD
# Without `tracing`, its one default feature.
program reqwest-retry-bare "$retrying" <<EOD
$base
reqwest-middleware = { version = "0.5", default-features = false }
reqwest-retry = { version = "0.9.1", default-features = false }
EOD

crates() {
    (cd "$folder/$1" && cargo tree --offline --edges normal --prefix none --no-dedupe) | awk '{ print $1, $2 }' | sort -u
}

# added BASE PROGRAM: the crates, without the program, as NAME@VERSION.
added() {
    comm -13 <(crates "$1") <(crates "$2") | grep -v '^bench-' | sed 's/ v/@/'
}

for name in empty alone reqwest ours reqwest-retry reqwest-retry-bare; do
    LOG=$folder/$name.log
    # Each from nothing: what another has compiled already would not be timed.
    (cd "$folder/$name" && CARGO_TARGET_DIR=target cargo build --quiet --offline --release -j2)
done
mapfile -t ours < <(added reqwest ours)
mapfile -t peer < <(added reqwest reqwest-retry)
mapfile -t bare < <(added reqwest reqwest-retry-bare)
mapfile -t alone < <(added empty alone)

# cpu PROGRAM CRATE...: the seconds of compiling these in the program's build.
cpu() {
    local log=$folder/$1.log
    shift
    printf '%s\n' "$@" | awk 'NR == FNR { is[$1]; next } $1 in is { s += $2 + $3 } END { printf "%.2f\n", s }' - "$log"
}
# more BASE PROGRAM CRATE...: with what the program itself costs more.
more() {
    local base=$1 program=$2
    shift
    calc "$(cpu "$@") + $(cpu "$program" "bench-$program@0.1.0") - $(cpu "$base" "bench-$base@0.1.0")" %.2f
}
ours_s=$(more reqwest ours "${ours[@]}")
peer_s=$(more reqwest reqwest-retry "${peer[@]}")
bare_s=$(more reqwest reqwest-retry-bare "${bare[@]}")
reqwest_s=$(awk '{ s += $2 + $3 } END { printf "%.2f\n", s }' "$folder/reqwest.log")

row 'added to a cold build, crates' "${#ours[@]}" reqwest-retry "${#peer[@]}" %d
row 'added to a cold build, CPU s' "$ours_s" reqwest-retry "$peer_s" %.2f
row 'added to a cold build, crates' "${#ours[@]}" 'reqwest-retry, no features' "${#bare[@]}" %d
row 'added to a cold build, CPU s' "$ours_s" 'reqwest-retry, no features' "$bare_s" %.2f
row 'added to a cold build, CPU s' "$ours_s" 'reqwest, all of it' "$reqwest_s" %.2f
row 'the generated crate alone, crates' "${#alone[@]}" reqwest-retry "${#peer[@]}" %d
row 'the generated crate alone, CPU s' "$(more empty alone "${alone[@]}")" reqwest-retry "$peer_s" %.2f
{
    echo "ours adds: ${ours[*]}"
    echo "reqwest-retry adds: ${peer[*]}"
    echo "reqwest-retry without its features adds: ${bare[*]}"
    echo "the generated crate alone: ${alone[*]}"
} >&2
