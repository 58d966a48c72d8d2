#!/usr/bin/env bash
# Compiles the engine and the generated crates with rustc 1.78, the newest before 1.82 that Debian
# packages. What 1.79 to 1.81 stabilized, and these crates use, is a feature there; nothing else is.
# Exit status: 0; 1 if a crate does not compile; 2 if the compiler cannot be had.
set -euo pipefail
cd "$(dirname "$0")/../.."

out=${CARGO_TARGET_DIR:-target}/msrv
features=associated_type_bounds,error_in_core,lint_reasons,split_at_checked
archive=http://deb.debian.org/debian/pool/main
packages=(
    "2d0579636f69b8a79c787e1f6dce05ac4d5877b137bb4ac9d8111f84c9cf5cd1 r/rustc-web/rustc-web_1.78.0+dfsg1-2~deb11u3_amd64.deb"
    "cd23023e5d92187f3e92d7af570486b99d89851d78b08e725015d91e11e78587 r/rustc-web/libstd-rust-web-1.78_1.78.0+dfsg1-2~deb11u3_amd64.deb"
    "7b020a17caa80d089387d449509e49c15973197a7a2c5b6a1e8cfbdf50c48847 r/rustc-web/libstd-rust-web-dev_1.78.0+dfsg1-2~deb11u3_amd64.deb"
    "2b4c29da9b1511c97c39f011a50106b90bbc1b774d542f826a39904536ad085e l/llvm-toolchain-16/libllvm16_16.0.6-15~deb11u2_amd64.deb"
    "30ca89bfddae5fa6e0a2a044f22b6e50cd17c4bc6bc850c579819aeab7101f0f libf/libffi/libffi7_3.3-6_amd64.deb"
)

missing() {
    printf '%s\n' "$@" >&2
    exit 2
}

command -v dpkg-deb >/dev/null || missing "missing: dpkg-deb, of Debian and its relatives"
mkdir -p "$out"
for package in "${packages[@]}"; do
    read -r sum path <<<"$package"
    file=$out/${path##*/}
    sha256sum --status --check <<<"$sum  $file" 2>/dev/null && continue
    curl --fail --silent --show-error --output "$file" "$archive/$path" || missing "cannot get $archive/$path"
    sha256sum --status --check <<<"$sum  $file" || missing "$file is not the package it was"
    dpkg-deb --extract "$file" "$out/root"
done

rustc() {
    RUSTC_BOOTSTRAP=1 LD_LIBRARY_PATH=$out/root/usr/lib/x86_64-linux-gnu "$out/root/usr/bin/rustc" "$@"
}
rustc --version || missing "it needs a library: apt-get install libz3-4 libxml2 libedit2"

compile() {
    local name=$1 source=$2
    rustc --edition 2021 --crate-type rlib --crate-name "${name//-/_}" "-Zcrate-attr=feature($features)" \
        -D warnings --extern "retrospec=$out/libretrospec.rlib" --out-dir "$out" "$source" || exit 1
    echo "$name compiles"
}
compile retrospec runtime/engine/src/lib.rs
for crate in generated/*/; do
    compile "$(basename "$crate")" "${crate}src/lib.rs"
done
