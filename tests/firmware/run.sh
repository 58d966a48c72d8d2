#!/usr/bin/env bash
# Builds the programs, runs them under QEMU, and holds what they cost against its limits.
# Exit status: 0; 1 if a check fails or a limit is exceeded; 2 if a tool is missing.
set -euo pipefail
cd "$(dirname "$0")"

target=thumbv7m-none-eabi
out=${CARGO_TARGET_DIR:-target}

missing() {
    printf 'missing: %s\n' "$1" >&2
    printf '  %s\n' "${@:2}" >&2
    exit 2
}

command -v qemu-system-arm >/dev/null ||
    missing "qemu-system-arm, which is the device" "apt-get install qemu-system-arm"

lld=$(ls "$(rustc --print sysroot)"/lib/rustlib/*/bin/rust-lld 2>/dev/null | head -n 1 || true)
lld=${lld:-$(command -v ld.lld || true)}
[[ -n $lld ]] ||
    missing "a linker, rust-lld or ld.lld" "apt-get install lld"

installed=$(rustup target list --installed 2>/dev/null || true)
if grep -qx "$target" <<<"$installed"; then
    cargo=(cargo)
    core_from_source=()
else
    # Debian's toolchain comes with the source of core, and builds it along.
    core=$(/usr/bin/rustc --print sysroot 2>/dev/null || true)/lib/rustlib/src/rust/library/core
    [[ -x /usr/bin/rustc && -x /usr/bin/cargo && -d $core ]] ||
        missing "core for $target; one of these has it" "rustup target add $target" \
            "apt-get install rustc-web cargo-web rust-web-src"
    export RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_THUMBV7M_NONE_EABI_LINKER=$lld
    cargo=(/usr/bin/cargo)
    core_from_source=(-Zbuild-std=core)
fi
options=("${core_from_source[@]}" --quiet --release --locked --target "$target" --target-dir "$out")
build=("${cargo[@]}" build "${options[@]}")

failed=0
wrong() {
    echo "WRONG: $1"
    failed=1
}

on_device() {
    timeout 60 qemu-system-arm -machine lm3s6965evb -display none -serial none -monitor none \
        -chardev stdio,id=host -semihosting-config enable=on,target=native,chardev=host \
        -kernel "$out/$target/release/$1" </dev/null 2> >(grep -v "Timer with period zero" >&2)
}

compiler=$("${RUSTC:-rustc}" --version)
"${build[@]}"

echo
on_device check || wrong "an answer, on the device"

# Panics lead to a function that does not exist. This program has one, so it must not link.
panics=$("${build[@]}" --features panics --bin panics 2>&1) && wrong "a program with a panic links"
[[ $panics == *"undefined symbol: a_panic_is_in_the_program"* ]] || wrong "not for its panic: $panics"

# A program, by how much its flash may exceed the hand-written match's, and the excess that is known.
measure() {
    local program=$1 limit=$2 known=${3:-$2} said flash stack more
    said=$(on_device "$program") || wrong "$program does not wait as documented"
    read -r flash stack <<<"$(awk '{ print $2 }' <<<"$said" | xargs)"
    by_hand=${by_hand:-$flash}
    more=$((flash - by_hand))
    printf '%-10s %6d %15d %8d %6d\n' "$program" "$flash" "$more" "$limit" "$stack"
    ((more <= limit)) || echo "$program is over by $((more - limit)) bytes"
    ((more <= known)) || wrong "$program costs more than $known bytes"
    ! grep -aqE 'core9panicking|4core3fmt' "$out/$target/release/$program" ||
        wrong "$program has panic machinery"
}

echo
echo "$compiler"
printf '%-10s %6s %15s %8s %6s\n' bytes flash "more than match" "at most" stack
measure by_hand 0
measure table 256
measure attempt 2048
measure engine 2048
measure spread 2048
# README.md says why these are more.
measure configured 2048 2560
measure resume 2048 2560

# The examples for devices. What C calls is linked alone, to see whether a panic is in it.
small=(--manifest-path ../../Cargo.toml --config 'profile.release.opt-level="z"' --config profile.release.lto=true)
"${build[@]}" "${small[@]}" --package example-embassy
"${cargo[@]}" rustc "${options[@]}" "${small[@]}" --package memfault-retry --lib --crate-type staticlib
"$lld" -flavor gnu -m armelf --gc-sections --undefined=memfault_retry_next --entry=memfault_retry_next \
    "$out/$target/release/libmemfault_retry.a" -o "$out/memfault_retry"
! grep -aqE 'core9panicking|4core3fmt' "$out/memfault_retry" || wrong "the C library has panic machinery"
exit $failed
