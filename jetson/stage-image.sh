#!/usr/bin/env bash
# Stages the appliance into the root file system of a Linux_for_Tegra folder, before l4t_initrd_flash.sh makes the image: packages installed,
# nothing in it that must differ from device to device, provisioning armed. Run it on the PC that flashes. Untested on hardware.
#
#   sudo jetson/stage-image.sh [--provision FOLDER] [--force-architecture] LINUX_FOR_TEGRA PACKAGE.deb...
#
#   LINUX_FOR_TEGRA        with the sample root file system unpacked and apply_binaries.sh done
#   --provision            what every device of this image gets on its first boot (see provision.sh); becomes /boot/yolact-edge
#   --force-architecture   for dpkg of a host that cannot run arm64 programs (tests); NVIDIA's own tools register qemu-user-static
set -euo pipefail
usage() { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
die() { echo "error: $1" >&2; exit 1; }

provision="" force=()
while [ $# -gt 0 ]; do
    case $1 in
        --provision) [ $# -ge 2 ] || usage; provision=$2; shift 2 ;;
        --force-architecture) force=(--force-architecture --force-depends); shift ;;
        -*) usage ;;
        *) break ;;
    esac
done
[ $# -ge 2 ] || usage
l4t=$(realpath "$1")
shift
rootfs=$l4t/rootfs

[ "$(id -u)" -eq 0 ] || die "root file systems are written by root: sudo"
[ -x "$l4t/tools/kernel_flash/l4t_initrd_flash.sh" ] || die "$l4t has no tools/kernel_flash/l4t_initrd_flash.sh: unpack NVIDIA's driver package"
[ -e "$rootfs/etc/nv_tegra_release" ] || die "$rootfs has no etc/nv_tegra_release: unpack the sample root file system and run apply_binaries.sh"
[ -z "$provision" ] || [ -d "$provision" ] || die "$provision is no folder"
for package in "$@"; do
    [ -f "$package" ] || die "there is no $package"
done

echo "== Packages"
dpkg --root="$rootfs" --force-confold "${force[@]}" -i "$@" </dev/null

echo "== Nothing that devices would share"
# An empty machine id is made at the first boot; a missing one would not be kept on a read-only /etc.
: >"$rootfs/etc/machine-id"
rm -f "$rootfs"/var/lib/dbus/machine-id "$rootfs"/etc/ssh/ssh_host_*
: >"$rootfs/etc/yolact-edge/provision-at-first-boot"

echo "== No desktop: it would take the memory that the network needs"
ln -sfn /lib/systemd/system/multi-user.target "$rootfs/etc/systemd/system/default.target"

if [ -n "$provision" ]; then
    echo "== Provisioning from $provision"
    rm -rf "$rootfs/boot/yolact-edge"
    mkdir -m 0700 "$rootfs/boot/yolact-edge"
    cp -r "$provision/." "$rootfs/boot/yolact-edge/"
    chown -R root:root "$rootfs/boot/yolact-edge"
    chmod -R go= "$rootfs/boot/yolact-edge"
fi

cat <<NEXT
== Staged. Next, with the board in recovery mode (Orin Nano and NX with NVMe; other boards: NVIDIA's Quick Start):
cd $l4t
sudo tools/l4t_create_default_user.sh --accept-license -u operator -p PASSWORD -n appliance
sudo tools/kernel_flash/l4t_initrd_flash.sh --external-device nvme0n1p1 -c tools/kernel_flash/flash_l4t_t234_nvme.xml \\
    -p "-c bootloader/generic/cfg/flash_t234_qspi.xml" --showlogs --network usb0 jetson-orin-nano-devkit internal
NEXT
