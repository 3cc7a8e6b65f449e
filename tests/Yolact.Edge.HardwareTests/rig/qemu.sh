#!/usr/bin/env bash
# Runs the guest until it is powered off, or killed: that is its power cut.
#
#   qemu.sh FOLDER DISK SSH-PORT MQTT-PORT [OPTION...]      options go to QEMU, such as -loadvm ready
#
# The monitor is the socket DISK.monitor, the serial console the file DISK.console. Guest time follows instructions (icount), so that what
# the guest measures repeats whatever the host does. KVM is never taken: a stock kernel may hang there.
set -euo pipefail
[ $# -ge 4 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
folder=$1 disk=$2 ssh=$3 mqtt=$4
shift 4
exec qemu-system-x86_64 -accel tcg,thread=single,tb-size=1024 -icount shift=1,sleep=on -smp 1 -cpu max -m 2048 \
    -kernel "$folder/vmlinuz" -initrd "$folder/initrd" -append "root=/dev/vda console=ttyS0 quiet systemd.show_status=false panic=5" \
    -drive "file=$disk,if=virtio,cache=writeback" -no-reboot \
    -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$ssh-:22,hostfwd=tcp:127.0.0.1:$mqtt-:1883" -device virtio-net-pci,netdev=net \
    -display none -serial "file:$disk.console" -monitor "unix:$disk.monitor,server,nowait" "$@"
