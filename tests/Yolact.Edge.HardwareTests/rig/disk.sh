#!/usr/bin/env bash
# Makes the guest's disk from Debian packages: systemd, a broker, GStreamer, ssh; and the rig's own files below guest/.
#
#   disk.sh FOLDER          FOLDER holds what kernel.sh made; makes base.qcow2, and key and key.pub to log in with
#
# Run as root: mmdebstrap needs to own what it unpacks.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$PATH:/usr/sbin:/sbin

[ -e "$folder/key" ] || ssh-keygen -q -t ed25519 -N '' -C rig -f "$folder/key"
for tool in lines clock; do
    gcc -O2 -Wall -Wextra -static -o "$work/rig-$tool" $tool.c
done

packages=systemd,systemd-sysv,udev,dbus,kmod,iproute2,procps,openssh-server,mosquitto,mosquitto-clients,v4l-utils
packages+=,gstreamer1.0-tools,gstreamer1.0-plugins-base,gstreamer1.0-plugins-good,libssl3,libstdc++6,libgcc-s1,gpiod,libgpiod2
echo "disk: Debian's packages"
mmdebstrap --quiet --mode=root --variant=minbase --include="$packages" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$(sed -n s/^VERSION_CODENAME=//p /etc/os-release)" "$work/root"

echo "disk: the rig's files"
cp -r guest/. "$work/root/"
cp -r "$folder/modules/." "$work/root/lib/modules/"
install -m 0755 "$work/rig-lines" "$work/rig-clock" "$work/root/usr/local/sbin/"
install -D -m 0600 "$folder/key.pub" "$work/root/root/.ssh/authorized_keys"
chroot "$work/root" systemctl --quiet enable systemd-networkd rig-chip.service ssh.service mosquitto.service
# Nothing here may wake up in the middle of a measurement.
chroot "$work/root" systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
    systemd-networkd-wait-online.service getty@tty1.service serial-getty@ttyS0.service
rm -rf "$work/root/var/cache/apt" "$work/root/var/lib/apt/lists"
: >"$work/root/etc/machine-id"
echo rig >"$work/root/etc/hostname"

echo "disk: image"
mke2fs -q -t ext4 -d "$work/root" "$work/disk.raw" 3G
qemu-img convert -f raw -O qcow2 "$work/disk.raw" "$folder/base.qcow2"
