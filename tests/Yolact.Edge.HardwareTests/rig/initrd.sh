#!/usr/bin/env bash
# Makes the initial RAM disk: busybox, and the modules that lead to the guest's disk.
#
#   initrd.sh FOLDER        FOLDER holds what kernel.sh made
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
folder=$(cd "$1" && pwd)
release=$(cat "$folder/release")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$PATH:/usr/sbin:/sbin

mkdir -p "$work"/{bin,dev,modules,proc,root,sys}
cp "$(command -v busybox)" "$work/bin/busybox"
# modprobe finds modules below lib/modules.
mkdir "$work/tree" && mkdir "$work/tree/lib" && ln -s "$folder/modules" "$work/tree/lib/modules"
for module in virtio_pci virtio_blk crc32c_generic ext4; do
    modprobe -d "$work/tree" -S "$release" --show-depends "$module" | awk '$1 == "insmod" { print $2 }'
done | awk '!seen[$0]++' | while read -r file; do
    cp "$file" "$work/modules/"
    basename "$file" >>"$work/modules/order"
done
rm -r "$work/tree"
cat >"$work/init" <<'END'
#!/bin/busybox sh
# The guest's first process: loads what its disk needs, and hands over to systemd.
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
while read -r module; do
    /bin/busybox insmod "/modules/$module"
done </modules/order
until [ -b /dev/vda ]; do
    /bin/busybox sleep 0.1
done
# A disk whose power was cut: the journal is replayed by the kernel.
/bin/busybox mount -t ext4 -o rw,noatime /dev/vda /root
for folder in dev sys proc; do
    /bin/busybox mount --move "/$folder" "/root/$folder"
done
exec /bin/busybox switch_root /root /lib/systemd/systemd
END
chmod +x "$work/init"
(cd "$work" && find . | cpio --quiet -o -H newc | gzip -1) >"$folder/initrd"
