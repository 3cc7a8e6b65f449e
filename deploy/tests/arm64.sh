#!/usr/bin/env bash
# Runs the arm64 package's program on a picture under emulation (qemu-aarch64-static), beside nothing but the Debian packages that it depends
# on, and compares what it detects with what the amd64 package's program detects: class, score (1e-3), box (1 px), mask (IoU 0.99).
#
#   sudo deploy/tests/arm64.sh AMD64.deb ARM64.deb          (needs mmdebstrap and qemu-user-static)
set -euo pipefail
[[ $# -eq 2 && $(id -u) -eq 0 ]] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
amd64=$(realpath "$1") arm64=$(realpath "$2")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "== Debian's arm64 packages, unpacked"
depends=$(dpkg-deb -f "$arm64" Depends | tr ',' '\n' | sed -E 's/.*\|//; s/\([^)]*\)//; s/ //g' | grep -E '^lib' | paste -sd,)
# Nothing of them is run, so that no emulation has to be registered with the kernel.
mmdebstrap --quiet --mode=root --variant=extract --architectures=arm64 --include="$depends" bookworm "$work/sysroot" >"$work/mmdebstrap" 2>&1 \
    || { cat "$work/mmdebstrap" >&2; exit 1; }
echo "   with $depends"
dpkg-deb -x "$amd64" "$work/amd64"
dpkg-deb -x "$arm64" "$work/arm64"

# ONNX Runtime reads the processor's features from /proc/cpuinfo; an x64 one makes it end with a segmentation fault.
printf 'processor\t: 0\nBogoMIPS\t: 48.00\nFeatures\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 cpuid\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x0\nCPU part\t: 0xd08\nCPU revision\t: 3\n' >"$work/cpuinfo"
x64=$work/amd64/usr/lib/yolact-edge/yolact-edge
"$x64" dataset synth --seed 900001 --count 1 -o "$work/belt"
detect=(detect "$work/belt/images" --threshold 0.05 --json)

echo "== Detections on x64"
"$x64" "${detect[@]}" "$work/x64.json"
echo "== Detections on arm64, emulated"
# shellcheck disable=SC2016
unshare --mount bash -euc 'mount --bind "$1/cpuinfo" /proc/cpuinfo; shift; exec "$@"' bash "$work" \
    qemu-aarch64-static -L "$work/sysroot" "$work/arm64/usr/lib/yolact-edge/yolact-edge" "${detect[@]}" "$work/arm64.json"

echo "== Compared"
dotnet run "$here/compare-detections.cs" -- "$work/x64.json" "$work/arm64.json"
