#!/usr/bin/env bash
# Compile time and size of the crate that the usual plugins make of an API, and of ours, on one machine in one run.
#
#   benches/peers/run.sh --proto-root DIR [--include DIR]... [--package PREFIX] [--crate-name NAME] [--runs N]
#
# Needs protoc. The usual set is what a user of a client needs: protoc-gen-prost, protoc-gen-prost-serde, protoc-gen-tonic
# (client only) and protoc-gen-prost-crate; they are installed into target/peers by the first run. Dependencies are built
# before anything is timed; then src/lib.rs is touched and each crate alone is built, ours and theirs in turn.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
work=${CARGO_TARGET_DIR:-$repository/target}/peers
crate=lumen-cloud package=lumen runs=5 root=$repository/testdata/proto includes=()
while (($#)); do
    case $1 in
    --proto-root) root=$2 ;;
    --include) includes+=("$2") ;;
    --package) package=$2 ;;
    --crate-name) crate=$2 ;;
    --runs) runs=$2 ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
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
    "${files[@]}" 2> >(grep -v 'is unused' >&2)

(cd "$repository" && cargo run --quiet -p protoc-gen-rust-sdk -- generate --proto-root "$root" \
    "${ours_includes[@]}" --opt "crate_name=$crate" --opt "package=$package" \
    --opt "runtime=path:$repository/crates/rust-sdk-runtime" --out "$work/ours")
printf '\n[workspace]\n' >>"$work/ours/Cargo.toml"

bytes() { find "$1/src" -name '*.rs' -print0 | xargs -0 cat | wc -c; }
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
# Builds the one crate; dependencies stand already. Prints seconds.
once() {
    local start end
    touch "$work/$1/src/lib.rs"
    start=$(date +%s%N)
    # Both are built whole, as in CI.
    (cd "$work/$1" && CARGO_INCREMENTAL=0 cargo "${@:2}" --quiet --target-dir "$work/target-$1" --config 'profile.release.lto=false') >&2
    end=$(date +%s%N)
    echo "$(((end - start) / 1000000))" | awk '{ printf "%.2f\n", $1 / 1000 }'
}
compare() {
    local name=$1 limit=$2 theirs=() ours=() with=()
    read -ra with <<<"$4"
    local command=()
    read -ra command <<<"$3"
    once theirs "${command[@]}" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; return 1; }
    once ours "${command[@]}" "${with[@]}" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; return 1; }
    for _ in $(seq "$runs"); do
        theirs+=("$(once theirs "${command[@]}" 2>/dev/null)")
        ours+=("$(once ours "${command[@]}" "${with[@]}" 2>/dev/null)")
    done
    local a b
    a=$(printf '%s\n' "${theirs[@]}" | median) b=$(printf '%s\n' "${ours[@]}" | median)
    awk -v n="$name" -v a="$a" -v b="$b" -v l="$limit" \
        'BEGIN { printf "| %s | %.2f s | %.2f s | %.0f%% | %s%% |\n", n, a, b, 100 * b / a, l }'
}

echo "| | theirs | ours | ratio | at most |"
echo "|---|---|---|---|---|"
awk -v a="$(bytes "$work/theirs")" -v b="$(bytes "$work/ours")" \
    'BEGIN { printf "| bytes of Rust | %d | %d | %.0f%% | 50%% |\n", a, b, 100 * b / a }'
grpc="--no-default-features --features grpc,all-packages"
compare "check, all features" 60 "check" ""
compare "check, gRPC alone" 35 "check" "$grpc"
compare "release build, all features" 60 "build --release" ""
compare "release build, gRPC alone" 35 "build --release" "$grpc"
