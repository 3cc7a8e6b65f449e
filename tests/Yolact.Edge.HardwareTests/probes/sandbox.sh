#!/bin/bash
# Runs in the unit's sandbox, and says of each thing whether it could be done: "may NAME yes|no" for what the appliance needs, "escape NAME
# yes|no" for what nobody in its place should be able to do. From util-linux, coreutils and bash alone.
try() { if eval "$3" >/dev/null 2>&1 </dev/null; then echo "$1 $2 yes"; else echo "$1 $2 no"; fi; }

try may camera 'exec 3<>/dev/video0'
try may lines 'exec 3<>/dev/gpiochip0'
try may state 'touch /var/lib/yolact-edge/probe && rm /var/lib/yolact-edge/probe'
try may cache 'touch /var/cache/yolact-edge/probe && rm /var/cache/yolact-edge/probe'
try may temporary-files 'touch /tmp/probe && rm /tmp/probe'
try may configuration 'cat /etc/yolact-edge/appliance.json'
try may broker 'exec 3<>/dev/tcp/127.0.0.1/1883'
try may plant-network 'echo > /dev/udp/10.0.2.2/9'

try escape change-configuration 'echo >> /etc/yolact-edge/appliance.json'
try escape change-program 'touch /usr/lib/yolact-edge/probe'
try escape write-etc 'touch /etc/probe'
try escape read-shadow 'cat /etc/shadow'
try escape root-home 'ls /root'
try escape disk 'exec 3</dev/vda'
try escape kernel-log 'exec 3</dev/kmsg'
try escape memory 'exec 3</dev/mem'
try escape console 'exec 3>/dev/ttyS0'
try escape mount 'mount -t tmpfs none /mnt'
try escape user-namespace 'unshare --user true'
try escape mount-namespace 'unshare --mount true'
try escape join-namespace 'nsenter --target 1 --mount true'
try escape become-root 'setpriv --reuid 0 true'
try escape set-uid-file 'cp /bin/true /tmp/suid && chmod u+s /tmp/suid'
try escape kill-others 'kill -0 1'
try escape set-clock 'date -s "2030-01-01"'
try escape host-name 'hostname probe'
try escape kernel-setting 'echo 0 > /proc/sys/kernel/randomize_va_space'
# shellcheck disable=SC2016
try escape load-module 'insmod /lib/modules/$(uname -r)/kernel/drivers/net/dummy.ko'
try escape other-units 'systemctl restart ssh'
try escape priority 'chrt -f 50 true'
try escape internet 'echo > /dev/udp/192.0.2.1/9'
try escape packet-socket 'ip link set lo down'
