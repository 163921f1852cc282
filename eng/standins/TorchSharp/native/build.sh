#!/bin/sh
# Compiles the shim: build.sh OUTPUT_DIRECTORY. Does nothing when sources, compiler and libtorch are those of the last time.
# LIBTORCH names an unpacked libtorch (or a Python torch package) to use instead of the system's.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
packages='On Debian: apt-get install g++ libtorch-dev libopenblas0-pthread'
fail() { echo "error TSI0001: the TorchSharp stand-in cannot compile its native part: $1. $packages" >&2; exit 1; }

cxx=${CXX:-g++}
command -v "$cxx" >/dev/null 2>&1 || fail "there is no C++ compiler '$cxx'"
if [ -n "${LIBTORCH:-}" ]; then
  include=$LIBTORCH/include
  link="-L$LIBTORCH/lib -Wl,-rpath,$LIBTORCH/lib"
  [ -e "$LIBTORCH/lib/libtorch_cuda.so" ] && link="$link -Wl,--no-as-needed -ltorch_cuda -lc10_cuda"
else
  include=/usr/include
  link=
fi
[ -e "$include/ATen/ATen.h" ] || fail "there are no headers of libtorch in $include"

version=$(cat "$include/torch/csrc/api/include/torch/version.h" 2>/dev/null | grep -E 'define TORCH_VERSION ' || true)
key=$(cat "$here"/*.cpp "$here"/*.h "$here/build.sh" | cksum)" $cxx $include $version"
library=$out/libTorchSharpShim.so
[ -e "$library" ] && [ "$(cat "$out/key" 2>/dev/null)" = "$key" ] && exit 0

mkdir -p "$out"
work=$(mktemp -d "$out/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
for source in "$here"/*.cpp; do
  "$cxx" -std=c++17 -O2 -fPIC -fvisibility=hidden -w -I"$include" -I"$include/torch/csrc/api/include" \
    -c "$source" -o "$work/$(basename "$source").o" || fail "$source does not compile"
done
# shellcheck disable=SC2086
"$cxx" -shared -o "$work/shim.so" "$work"/*.o $link -ltorch_cpu -ltorch -lc10 -ldl || fail "the link with libtorch failed"
mv "$work/shim.so" "$library"
printf '%s' "$key" > "$out/key"
