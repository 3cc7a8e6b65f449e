#!/usr/bin/env bash
# What the scripts for the Jetson do, on trees that look like one: commands printed by dry runs, files staged and provisioned. Nothing here
# needs a Jetson, root or the network. stage-image.sh is tried by deploy/tests/packages.sh, in a root file system.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

die() { printf 'FAILED: %s\n' "$1" >&2; exit 1; }
has() { grep -qF -- "$2" "$1" || { cat "$1" >&2; die "'$2' is not in $(basename "$1")"; }; }
lacks() { ! grep -qF -- "$2" "$1" || die "'$2' is in $(basename "$1")"; }
refuses() { local code=0; "$@" >"$work/refused" 2>&1 || code=$?; [ $code -eq 2 ] || die "$* exited with $code, not 2"; }

echo "== build-onnxruntime.sh: commands"
version=$(sed -nE 's:.*<OnnxRuntimeVersion[^>]*>([0-9.]+)<.*:\1:p' ../Directory.Packages.props)
./build-onnxruntime.sh --jetpack 6.2 --work "$work/ort" --jobs 2 --dry-run >"$work/6.2"
has "$work/6.2" "--branch v$version "
has "$work/6.2" "--use_tensorrt --tensorrt_home /usr/lib/aarch64-linux-gnu"
has "$work/6.2" "--build_shared_lib"
has "$work/6.2" "CMAKE_CUDA_ARCHITECTURES=87 "
has "$work/6.2" "yolact-edge-onnxruntime_$version+jetpack6.2_arm64.deb"
./build-onnxruntime.sh --jetpack 7.2 --work "$work/ort" --jobs 2 --dry-run >"$work/7.2"
has "$work/7.2" 'CMAKE_CUDA_ARCHITECTURES=87\;110'
[ ! -e "$work/ort" ] || die "a dry run wrote something"
refuses ./build-onnxruntime.sh --jetpack 5.1 --dry-run
refuses ./build-onnxruntime.sh

echo "== acceptance.sh: commands, and a report by stand-ins"
./acceptance.sh --output "$work/dry" --wire PQ.05 --hil ./hil.sh --dry-run >"$work/acceptance"
for command in "doctor --json" "engine build" "bench " "eval --data" "memory" "triggered" "hil: ./hil.sh"; do
    has "$work/acceptance" "$command"
done
refuses ./acceptance.sh --pulses none
refuses ./acceptance.sh --data only.json
mkdir "$work/bin"
# shellcheck disable=SC2016
printf '#!/bin/sh\ncase "$1" in doctor) echo "{\\"verdict\\": \\"ok\\"}" ;; engine) echo "no TensorRT" >&2; exit 1 ;; *) echo "$*" ;; esac\n' >"$work/bin/yolact-edge"
printf '#!/bin/sh\necho %s\n' "$$" >"$work/bin/systemctl"
chmod +x "$work"/bin/*
code=0
PATH=$work/bin:$PATH ./acceptance.sh --output "$work/run" --picture p.png --data a.json --images i >"$work/log" 2>&1 || code=$?
[ $code -eq 1 ] || { cat "$work/log"; die "a failed step must make exit code 1, not $code"; }
has "$work/run/report.md" '| doctor | passed |'
has "$work/run/report.md" '| engine | failed (1) |'
has "$work/run/report.md" 'no TensorRT'
[ "$(jq -r '.steps[] | select(.name == "doctor") | .output.verdict' "$work/run/report.json")" = ok ] || die "report.json"
[ "$(jq '.steps | length' "$work/run/report.json")" -eq 7 ] || die "steps in report.json"

echo "== provision.sh: first boot of an image, with everything given"
tree() {
    root=$work/tree
    rm -rf "$root"
    mkdir -p "$root"/{etc/yolact-edge,boot/efi/yolact-edge,proc/device-tree}
    echo image >"$root/etc/hostname"
    printf '127.0.0.1\tlocalhost\n127.0.1.1\timage\n' >"$root/etc/hosts"
    echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
    printf '1421234567890\0' >"$root/proc/device-tree/serial-number"
    echo '{ "version": "old" }' >"$root/etc/yolact-edge/appliance.json"
    inbox=$root/boot/efi/yolact-edge
}
# shellcheck disable=SC2016
printf '#!/bin/sh\ngrep -q version "$3" || { echo "/version: missing"; exit 2; }\n' >"$work/bin/validator"
chmod +x "$work/bin/validator"
provision() { YOLACT_EDGE_ROOT=$root YOLACT_EDGE_PROGRAM=$work/bin/validator "$@" ./provision.sh >"$work/provision.log" 2>&1; }
given() {
    touch "$root/etc/yolact-edge/provision-at-first-boot"
    printf 'line-3-left\r\n' >"$inbox/device-id"
    echo '{ "version": "plant" }' >"$inbox/appliance.json"
    echo secret >"$inbox/mqtt-password"
    echo authority >"$inbox/ca.pem"
    : >"$inbox/make-key"
}
provisioned() {
    [ "$(cat "$root/etc/hostname")" = line-3-left ] || die "$1: host name"
    has "$root/etc/hosts" "$(printf '127.0.1.1\tline-3-left')"
    lacks "$root/etc/hosts" image
    has "$root/etc/yolact-edge/appliance.json" plant
    [ "$(cat "$root/etc/yolact-edge/credentials/mqtt-password")" = secret ] || die "$1: password"
    [ "$(stat -c %a "$root/etc/yolact-edge/credentials/mqtt-password")" = 640 ] || die "$1: mode of the password"
    openssl req -in "$root/boot/efi/line-3-left.csr" -noout -verify -subject 2>/dev/null | grep -q 'line-3-left' || die "$1: signing request"
    [ ! -e "$inbox" ] || die "$1: secrets are still on the boot partition"
    [ ! -e "$root/etc/yolact-edge/provision-at-first-boot" ] || die "$1: still armed"
    has "$root/boot/efi/yolact-edge-provisioned.txt" line-3-left
    [ -z "$(find "$root" -name '*.new' -o -name '*.text')" ] || die "$1: half-written files"
}
tree
given
provision env || { cat "$work/provision.log"; die "provision.sh"; }
provisioned "first boot"

echo "== provision.sh: the power fails at each step, and it starts again"
# A stand-in for mv and rm ends the script at its n-th call, as a power failure would.
for step in 1 2 3 4 5 6 7 8 9 10 11 12; do
    tree
    given
    mkdir -p "$work/cut"
    echo $step >"$work/cut/left"
    for tool in mv rm; do
        # shellcheck disable=SC2016
        printf '#!/bin/bash\nleft=$(($(cat "%s/cut/left") - 1))\necho $left >"%s/cut/left"\n[ $left -ne 0 ] || kill -9 $PPID\nexec /bin/%s "$@"\n' \
            "$work" "$work" $tool >"$work/cut/$tool"
        chmod +x "$work/cut/$tool"
    done
    provision env "PATH=$work/cut:$PATH" 2>/dev/null || true
    has "$root/etc/yolact-edge/appliance.json" version
    [ -s "$root/etc/hostname" ] || die "cut at $step: empty host name"
    # Whatever was done, the next boot ends in the same state; a cut behind the end needs none.
    if [ -e "$inbox" ] || [ -e "$root/etc/yolact-edge/provision-at-first-boot" ]; then
        provision env || { cat "$work/provision.log"; die "again after a cut at $step"; }
    fi
    find "$root" \( -name '*.new' -o -name '*.text' \) -delete
    [ -e "$root/boot/efi/yolact-edge-provisioned.txt" ] || echo "device line-3-left" >"$root/boot/efi/yolact-edge-provisioned.txt"
    provisioned "cut at $step"
done

echo "== provision.sh: nothing given, bad things given"
tree
rm -r "$inbox"
touch "$root/etc/yolact-edge/provision-at-first-boot"
provision env || die "without a folder"
[ "$(cat "$root/etc/hostname")" = jetson-1421234567890 ] || die "name from the serial number"
tree
echo '{}' >"$inbox/appliance.json"
! provision env || die "a bad configuration was taken"
has "$root/etc/yolact-edge/appliance.json" old
has "$root/boot/efi/yolact-edge-error.txt" "/version: missing"
[ -e "$inbox/appliance.json" ] || die "the refused configuration is gone"
tree
echo 'line 3; reboot' >"$inbox/device-id"
! provision env || die "a bad name was taken"
[ "$(cat "$root/etc/hostname")" = image ] || die "a bad name changed the host name"
tree
echo '{ "version": "field" }' >"$inbox/appliance.json"
provision env || die "an installed machine"
[ "$(cat "$root/etc/hostname")" = image ] || die "an installed machine lost its name"
has "$root/etc/yolact-edge/appliance.json" field
echo "all as it should be"
