#!/usr/bin/env bash
# Compile time and size of the crate that the usual plugins make of an API, and of ours, on one machine in one run.
#
#   benches/peers/run.sh --proto-root DIR [--include DIR]... [--package PREFIX] [--crate-name NAME] [--also FILE]... [--runs N]
#                        [--instructions]
#
# --also names a file outside of the package whose messages the API uses: the usual plugins need each of them.
# --instructions counts the instructions of rustc with valgrind, once, which does not depend on what else the machine does.
#
# Needs protoc. The usual set is what a user of a client needs: protoc-gen-prost, protoc-gen-prost-serde, protoc-gen-tonic
# (client only) and protoc-gen-prost-crate; they are installed into target/peers by the first run. Dependencies are built
# before anything is timed; then src/lib.rs is touched and each crate alone is built, ours and theirs in turn.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
work=${CARGO_TARGET_DIR:-$repository/target}/peers
crate=lumen-cloud package=lumen runs=5 root=$repository/testdata/proto includes=() also=() instructions=
while (($#)); do
    case $1 in
    --proto-root) root=$2 ;;
    --include) includes+=("$2") ;;
    --package) package=$2 ;;
    --crate-name) crate=$2 ;;
    --also) also+=("$2") ;;
    --runs) runs=$2 ;;
    --instructions) instructions=1 && shift && continue ;;
    *) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift 2
done
unset RUSTFLAGS

plugins=(protoc-gen-prost@^0.5 protoc-gen-prost-serde@^0.4 protoc-gen-tonic@^0.5 protoc-gen-prost-crate@^0.5)
if [[ ! -x $work/bin/protoc-gen-prost-crate ]]; then
    nice cargo install --quiet --root "$work" --target-dir "$work/install" "${plugins[@]}"
fi

rm -rf "$work/theirs" "$work/ours"
mkdir -p "$work/theirs/src"
cat >"$work/theirs/Cargo.toml" <<'MANIFEST'
[package]
name = "theirs"
version = "0.1.0"
edition = "2021"

[workspace]

[dependencies]
pbjson = "0.9"
pbjson-types = "0.9"
prost = "0.14"
serde = "1"
tonic = { version = "0.14", features = ["tls-ring", "tls-webpki-roots"] }
tonic-prost = "0.14"

[features]
default = ["proto_full"]
## @@protoc_insertion_point(features)
MANIFEST
paths=(-I "$root") ours_includes=()
for include in "${includes[@]}"; do
    paths+=(-I "$include")
    ours_includes+=(--include "$include")
done
mapfile -t files < <(cd "$root" && find "./${package//.//}" -name '*.proto' | sed 's#^\./##' | LC_ALL=C sort)
types=compile_well_known_types,extern_path=.google.protobuf=::pbjson_types
PATH="$work/bin:$PATH" protoc "${paths[@]}" \
    --prost_out="$work/theirs/src" --prost_opt="$types" \
    --prost-serde_out="$work/theirs/src" --prost-serde_opt=extern_path=.google.protobuf=::pbjson_types \
    --tonic_out="$work/theirs/src" --tonic_opt="$types,no_server" \
    --prost-crate_out="$work/theirs" --prost-crate_opt="gen_crate=$work/theirs/Cargo.toml" \
    "${files[@]}" "${also[@]}" 2> >(grep -v 'is unused' >&2)

(cd "$repository" && cargo run --quiet -p protoc-gen-rust-sdk -- generate --proto-root "$root/${package//.//}" \
    --include "$root" "${ours_includes[@]}" --opt "crate_name=$crate" --opt "package=$package" \
    --opt "runtime=path:$repository/crates/rust-sdk-runtime" --out "$work/ours")
printf '\n[workspace]\n' >>"$work/ours/Cargo.toml"

bytes() { find "$1/src" -name '*.rs' -print0 | xargs -0 cat | wc -c; }
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
# Builds the one crate, whole, as in CI; its dependencies stand already. Prints seconds: by the clock, and of processors.
once() {
    touch "$work/$1/src/lib.rs"
    local TIMEFORMAT='%R %U %S'
    { time build "$@" >"$work/log" 2>&1 || echo failed; } 2>&1 | awk '{ print $1, $2 + $3 }'
    # Nothing that did not compile is a figure.
    if grep -q '^error' "$work/log"; then
        cat "$work/log" >&2
        return 1
    fi
}
build() {
    cd "$work/$1" && CARGO_INCREMENTAL=0 cargo "${@:2}" --quiet --target-dir "$work/target-$1"
}
# Prints the instructions of rustc for the one crate, in billions. No other crate is built through the wrapper.
counted() {
    touch "$work/$1/src/lib.rs"
    printf '#!/bin/sh\nexec valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null --log-file=%s "$@"\n' \
        "$work/counts.%p" >"$work/valgrind-rustc"
    chmod +x "$work/valgrind-rustc"
    rm -f "$work"/counts.*
    RUSTC=$(rustup which rustc) RUSTC_WORKSPACE_WRAPPER=$work/valgrind-rustc build "$@" >"$work/log" 2>&1
    # cargo also asks rustc for its version, which takes few instructions.
    cat "$work"/counts.* | sed -n 's/.*I *refs: *//p' | tr -d , | sort -n | tail -1 | awk '{ printf "%.2f", $1 / 1e9 }'
    rm -f "$work"/counts.*
}
compare() {
    local name=$1 limit=$2 command=() features=()
    read -ra command <<<"$3"
    read -ra features <<<"$4"
    once theirs "${command[@]}" >/dev/null
    once ours "${command[@]}" "${features[@]}" >/dev/null
    if [[ -n $instructions ]]; then
        awk -v n="$name" -v a="$(counted theirs "${command[@]}")" -v b="$(counted ours "${command[@]}" "${features[@]}")" \
            'BEGIN { printf "| %s | %.2f | %.2f | %.1f%% |\n", n, a, b, 100 * b / a }'
        return
    fi
    : >"$work/times"
    for _ in $(seq "$runs"); do
        echo "$(once theirs "${command[@]}") $(once ours "${command[@]}" "${features[@]}")" >>"$work/times"
    done
    local theirs ours their_work our_work
    theirs=$(cut -d' ' -f1 "$work/times" | median) their_work=$(cut -d' ' -f2 "$work/times" | median)
    ours=$(cut -d' ' -f3 "$work/times" | median) our_work=$(cut -d' ' -f4 "$work/times" | median)
    awk -v n="$name" -v a="$theirs" -v b="$ours" -v c="$their_work" -v d="$our_work" -v l="$limit" 'BEGIN {
        printf "| %s | %.2f s | %.2f s | %.0f%% | %.2f s | %.2f s | %.0f%% | %s%% |\n", n, a, b, 100 * b / a, c, d, 100 * d / c, l
    }'
}

grpc="--no-default-features --features grpc,all-packages"
if [[ -n $instructions ]]; then
    echo "| instructions, billions | theirs | ours | ratio |"
    echo "|---|---|---|---|"
    compare "check, all features" "" "check --lib" "--all-features"
    compare "check, gRPC alone" "" "check --lib" "$grpc"
    exit
fi
echo "| | theirs | ours | ratio | theirs, CPU | ours, CPU | ratio | at most |"
echo "|---|---|---|---|---|---|---|---|"
awk -v a="$(bytes "$work/theirs")" -v b="$(bytes "$work/ours")" \
    'BEGIN { printf "| bytes of Rust | %d | %d | %.0f%% | | | | 50%% |\n", a, b, 100 * b / a }'
compare "check, all features" 60 "check" "--all-features"
compare "check, gRPC alone" 35 "check" "$grpc"
compare "release build, default features" 60 "build --release" ""
compare "release build, gRPC alone" 35 "build --release" "$grpc"
