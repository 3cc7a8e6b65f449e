#!/usr/bin/env bash
# Builds ONNX Runtime with TensorRT and CUDA for a Jetson, in the version that this program's managed API asks for, and packs it as
# yolact-edge-onnxruntime_VERSION_arm64.deb. Run it on the Jetson itself. Untested on hardware.
#
#   jetson/build-onnxruntime.sh --jetpack 6.2|7.2 [--work FOLDER] [--output FOLDER] [--jobs N] [--dry-run]
#
#   --work      sources and build, about 25 GB; ~/onnxruntime if left out
#   --output    where the package goes; out/deb if left out
#   --jobs      compilers side by side; one for each 4 GiB of memory if left out (each takes up to that much)
#   --dry-run   print every command instead of running it
set -euo pipefail
usage() { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
die() { echo "error: $1" >&2; exit 1; }

jetpack="" work=${HOME:-/root}/onnxruntime output="" jobs="" dry=no
while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry=yes; shift; continue ;;
        --jetpack | --work | --output | --jobs) [ $# -ge 2 ] || usage ;;&
        --jetpack) jetpack=$2 ;;
        --work) work=$(realpath -m "$2") ;;
        --output) output=$(realpath -m "$2") ;;
        --jobs) jobs=$2 ;;
        *) usage ;;
    esac
    shift 2
done

cd "$(dirname "$0")/.."
output=${output:-$PWD/out/deb}
version=$(sed -nE 's:.*<OnnxRuntimeVersion[^>]*>([0-9.]+)</OnnxRuntimeVersion>.*:\1:p' Directory.Packages.props)
[ -n "$version" ] || die "Directory.Packages.props names no OnnxRuntimeVersion"
# Compute capability: 8.7 is Orin, 11.0 Thor. TensorRT and cuDNN are Debian packages of JetPack, side by side in the library folder.
case $jetpack in
    6.2) architectures=87 release=36 ;;
    7.2) architectures="87;110" release=39 ;;
    *) usage ;;
esac
jobs=${jobs:-$(awk '/MemTotal/ { n = int($2 / 4194304); print n < 1 ? 1 : n }' /proc/meminfo)}
libraries=/usr/lib/aarch64-linux-gnu
source=$work/onnxruntime-$version

run() {
    printf '%q ' "$@"
    printf '\n'
    [ "$dry" = yes ] || "$@"
}

check() {
    [ "$dry" = no ] || return 0
    [ "$(uname -m)" = aarch64 ] || die "this machine is no Jetson; --dry-run shows what would be done on one"
    grep -q "R$release " /etc/nv_tegra_release || die "this is not JetPack $jetpack: $(head -n 1 /etc/nv_tegra_release 2>/dev/null)"
    [[ -e $libraries/libnvinfer.so && -x /usr/local/cuda/bin/nvcc ]] || die "TensorRT or CUDA is missing: sudo apt install nvidia-jetpack"
    local cmake
    cmake=$(cmake --version 2>/dev/null | sed -nE '1s/.* ([0-9]+\.[0-9]+).*/\1/p')
    printf '3.28\n%s\n' "${cmake:-0}" | sort -CV || die "CMake 3.28 or later is needed, not '${cmake:-none}': pip install --user cmake"
}

fetch() {
    [ ! -d "$source" ] || return 0
    run mkdir -p "$work"
    run git clone --depth 1 --branch "v$version" --recurse-submodules --shallow-submodules https://github.com/microsoft/onnxruntime.git "$source.part"
    run mv "$source.part" "$source"
}

build() {
    # The CUDA provider runs what TensorRT hands back. Tests are ONNX Runtime's own and take hours.
    run "$source/build.sh" --config Release --update --build --skip_tests --parallel "$jobs" --nvcc_threads 1 --build_shared_lib \
        --use_cuda --cuda_home /usr/local/cuda --cudnn_home $libraries --use_tensorrt --tensorrt_home $libraries \
        --cmake_extra_defines "CMAKE_CUDA_ARCHITECTURES=$architectures" onnxruntime_BUILD_UNIT_TESTS=OFF
}

# A package of its own: the program's package stays the same on every arm64 machine.
pack() {
    local root=$work/package built=$source/build/Linux/Release folder=usr/lib/yolact-edge-onnxruntime name
    run rm -rf "$root"
    for name in libonnxruntime.so libonnxruntime_providers_shared.so libonnxruntime_providers_cuda.so libonnxruntime_providers_tensorrt.so; do
        run install -D -m 0644 "$built/$name" "$root/$folder/$name"
    done
    run install -D -m 0644 "$source/LICENSE" "$root/usr/share/doc/yolact-edge-onnxruntime/copyright"
    run mkdir -p "$root/DEBIAN" "$output"
    if [ "$dry" = no ]; then
        cat >"$root/DEBIAN/control" <<CONTROL
Package: yolact-edge-onnxruntime
Version: $version+jetpack$jetpack
Architecture: arm64
Maintainer: The Yolact.Edge authors <yolact-edge@localhost>
Section: science
Priority: optional
Description: ONNX Runtime with TensorRT for Yolact.Edge on JetPack $jetpack
 Set detector/engine/native_library_path to
 /$folder/libonnxruntime.so
CONTROL
    fi
    run dpkg-deb --root-owner-group -Zxz --build "$root" "$output/yolact-edge-onnxruntime_$version+jetpack${jetpack}_arm64.deb"
}

check
fetch
build
pack
