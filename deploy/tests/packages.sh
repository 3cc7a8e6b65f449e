#!/usr/bin/env bash
# Installs, upgrades, downgrades, removes and purges the packages in a Debian root file system, and compares every file, owner and mode with
# files.txt. For amd64 the installed program runs, too, beside nothing but what the package depends on. For arm64 the same scripts and files
# are checked by dpkg with --force-architecture; that the program runs is arm64.sh's business. Start-up under systemd is not covered here.
#
#   sudo deploy/tests/packages.sh AMD64.deb ARM64.deb          (needs mmdebstrap)
set -euo pipefail
[[ $# -eq 2 && $(id -u) -eq 0 ]] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
amd64=$(realpath "$1") arm64=$(realpath "$2")
cd "$(dirname "$0")"
files=$PWD/files.txt
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
work=$(mktemp -d)
root=$work/root
trap 'rm -rf "$work"' EXIT

say() { printf '   %s\n' "$1"; }
die() { printf 'FAILED: %s\n' "$1" >&2; exit 1; }
# With a /proc, processes and a host name of its own, and no systemd.
inside() { unshare --mount --pid --uts --fork --mount-proc="$root/proc" chroot "$root" "$@"; }
dpkg_root() { dpkg --root="$root" --log="$work/dpkg.log" "$@" </dev/null >>"$work/dpkg.out" 2>&1 || { tail -n 20 "$work/dpkg.out" >&2; die "dpkg $*"; }; }
installed() { dpkg-query --admindir="$root/var/lib/dpkg" -W -f='${Version}' yolact-edge; }

accounts() { cat "$root"/etc/passwd "$root"/etc/group "$root"/etc/shadow "$root"/etc/gshadow | sort; }

# Everything that a package or its scripts can touch: path, type, owner, mode, link target. Bookkeeping of dpkg and user files' backups is not.
owned() {
    inside find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /var/lib/dpkg -o -path /var/log -o -path /var/cache/ldconfig \
        -o -path /var/cache/debconf -o -path /tmp \) -prune -o -printf '%p %y %u:%g %m %l\n' \
        | grep -vE '^/etc/(passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock)-? ' | sort
}

# Every new path matches a line of files.txt, and every line has a path.
compare() {
    local path kind owner mode target pattern wanted found failures=0
    local -a lines
    local -A used=()
    mapfile -t lines < <(grep -vE '^(#|$)' "$files")
    owned | comm -13 "$work/before" - >"$work/new"
    while read -r path kind owner mode target; do
        found=""
        for wanted in "${lines[@]}"; do
            read -r pattern _ <<<"$wanted"
            # shellcheck disable=SC2053
            [[ $path == $pattern ]] || continue
            found=$wanted
            used[$pattern]=1
            break
        done
        if [ -z "$found" ]; then
            echo "   not in files.txt: $path $kind $owner $mode $target"
            failures=1
        elif [ "$(cut -d' ' -f2- <<<"$found")" != "$kind $owner $mode${target:+ $target}" ]; then
            echo "   $path is $kind $owner $mode $target, files.txt says: $found"
            failures=1
        fi
    done <"$work/new"
    for wanted in "${lines[@]}"; do
        read -r pattern _ <<<"$wanted"
        if [ -z "${used[$pattern]:-}" ] && [[ $1 == *jetson* || $pattern != */10-jetson.conf && $pattern != */yolact-edge.service.d ]]; then
            echo "   missing: $wanted"
            failures=1
        fi
    done
    [ $failures -eq 0 ] || die "files of the package ($1)"
    say "$1: $(wc -l <"$work/new") paths as listed"
}

# The same package under another version, and with another default configuration: variant DEB VERSION CONFFILE-LINE
variant() {
    local tree=$work/variant
    rm -rf "$tree"
    dpkg-deb -R "$1" "$tree"
    sed -i "s/^Version: .*/Version: $2/" "$tree/DEBIAN/control"
    [ -z "$3" ] || echo "$3" >>"$tree/etc/yolact-edge/appliance.json"
    dpkg-deb --root-owner-group -Znone -b "$tree" "$work/$2.deb" >/dev/null
}

check_accounts() {
    inside getent passwd yolact-edge | grep -q ':/var/lib/yolact-edge:/usr/sbin/nologin$' || die "user yolact-edge"
    local groups
    groups=$(inside id -nG yolact-edge)
    [ "$(tr ' ' '\n' <<<"$groups" | sort | xargs)" = "gpio video yolact-edge" ] || die "groups of the user: $groups"
}

life() {
    local deb=$1 name=$2 version old=0.0.1 new=99.0
    shift 2
    local -a force=("$@")
    version=$(dpkg-deb -f "$deb" Version)
    owned >"$work/before"
    accounts >"$work/accounts"
    variant "$deb" $old ""
    variant "$deb" $new "// another default"

    dpkg_root "${force[@]}" -i "$work/$old.deb"
    compare "$name, installed"
    check_accounts
    [ -L "$root/etc/systemd/system/multi-user.target.wants/yolact-edge.service" ] || die "the service is not enabled"

    local config=$root/etc/yolact-edge/appliance.json state=$root/var/lib/yolact-edge/state key=$root/etc/yolact-edge/credentials/key
    echo "// the operator's line" >>"$config"
    echo kept >"$state"
    echo secret >"$key"
    inside systemctl disable yolact-edge.service 2>/dev/null
    kept() {
        [[ -e $state && -e $key ]] || die "$1 lost state or credentials"
        grep -q "the operator's line" "$config" || die "$1 lost the configuration"
        [ "$(inside stat -c '%U:%G %a' /etc/yolact-edge/appliance.json)" = "root:yolact-edge 640" ] || die "$1 changed the configuration's owner or mode"
        [ ! -L "$root/etc/systemd/system/multi-user.target.wants/yolact-edge.service" ] || die "$1 enabled a disabled service"
        say "$name, $1: configuration, state and credentials kept"
    }
    dpkg_root "${force[@]}" -i "$deb"
    [ "$(installed)" = "$version" ] || die "upgrade"
    kept "upgraded to $version"
    dpkg_root "${force[@]}" --force-confdef --force-confold -i "$work/$new.deb"
    [ -e "$config.dpkg-dist" ] || die "the new default configuration is not beside the operator's"
    rm "$config.dpkg-dist"
    kept "upgraded to another default configuration"
    dpkg_root "${force[@]}" --force-downgrade --force-confdef --force-confold -i "$work/$old.deb"
    rm -f "$config.dpkg-dist"
    [ "$(installed)" = $old ] || die "downgrade"
    kept "downgraded"
    dpkg_root "${force[@]}" -r yolact-edge
    [[ ! -e $root/usr/lib/yolact-edge && ! -e $root/usr/bin/yolact-edge ]] || die "removal left the program"
    kept "removed"
    dpkg_root "${force[@]}" -i "$deb"
    kept "installed again"
    dpkg_root "${force[@]}" -P yolact-edge
    owned | diff "$work/before" - || die "a purge left or took these paths"
    accounts | diff "$work/accounts" - || die "a purge left or took these accounts"
    say "$name, purged: not a path, user or group is left"
}

echo "== A Debian root file system with what the package depends on"
# Of alternatives the last: the first are newer systems' names.
depends=$(dpkg-deb -f "$amd64" Depends | tr ',' '\n' | sed -E 's/.*\|//; s/\([^)]*\)//; s/ //g' | paste -sd,)
mmdebstrap --quiet --mode=root --variant=essential --architectures=amd64 --include="$depends,passwd" bookworm "$root" >"$work/mmdebstrap" 2>&1 \
    || { cat "$work/mmdebstrap"; die "mmdebstrap"; }
say "with $depends"

echo "== Package of amd64"
life "$amd64" amd64

echo "== Program of amd64, installed"
dpkg_root -i "$amd64"
inside yolact-edge --version
inside yolact-edge config validate
inside yolact-edge dataset synth --seed 900001 --count 1 -o /tmp/belt
inside yolact-edge detect /tmp/belt/images --json /tmp/results.json 2>&1 | tee "$work/detect"
! grep -qi telemetry "$work/detect" || die "ONNX Runtime wants to send usage data"
grep -q '"segmentation"' "$root/tmp/results.json" || die "the bundled model found nothing"
inside setpriv --reuid yolact-edge --regid yolact-edge --init-groups yolact-edge config show >/dev/null || die "the service's user cannot read its configuration"
dpkg_root -P yolact-edge
rm -rf "${root:?}"/tmp/*

echo "== Package of amd64 on a Jetson"
touch "$root/etc/nv_tegra_release"
owned >"$work/before"
dpkg_root -i "$amd64"
compare "amd64 as on a jetson, installed"
dpkg_root -r yolact-edge
[ ! -e "$root/etc/systemd/system/yolact-edge.service.d" ] || die "removal left the Jetson's drop-in"
dpkg_root -P yolact-edge
rm "$root/etc/nv_tegra_release"

echo "== Image staged by stage-image.sh, and its first boot provisioned"
touch "$root/etc/nv_tegra_release"
l4t=$work/Linux_for_Tegra
mkdir -p "$l4t/tools/kernel_flash" "$work/provision" "$root/etc/ssh" "$root/boot"
printf '#!/bin/sh\n' >"$l4t/tools/kernel_flash/l4t_initrd_flash.sh"
chmod +x "$l4t/tools/kernel_flash/l4t_initrd_flash.sh"
ln -s "$root" "$l4t/rootfs"
echo key >"$root/etc/ssh/ssh_host_ed25519_key"
echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
echo line-3 >"$work/provision/device-id"
echo secret >"$work/provision/mqtt-password"
echo '{ "mqtt": { "host": "broker.plant", "username": "edge", "password_file": "/etc/yolact-edge/credentials/mqtt-password" } }' \
    >"$work/provision/appliance.json"
../../jetson/stage-image.sh --provision "$work/provision" "$l4t" "$amd64" >"$work/stage" 2>&1 || { cat "$work/stage" >&2; die "stage-image.sh"; }
[[ ! -s $root/etc/machine-id && ! -e $root/etc/ssh/ssh_host_ed25519_key ]] || die "the image carries an identity"
[ "$(stat -c %a "$root/boot/yolact-edge")" = 700 ] || die "secrets in the image can be read"
[ -L "$root/etc/systemd/system/yolact-edge.service.d/10-jetson.conf" ] || die "the Jetson's drop-in is not in the image"
echo 127.0.0.1 localhost >"$root/etc/hosts"
inside /usr/lib/yolact-edge/provision || die "provisioning"
[ "$(cat "$root/etc/hostname")" = line-3 ] || die "host name"
[ "$(inside stat -c '%U:%G %a' /etc/yolact-edge/credentials/mqtt-password)" = "root:yolact-edge 640" ] || die "the password's owner or mode"
[[ ! -e $root/boot/yolact-edge && ! -e $root/etc/yolact-edge/provision-at-first-boot ]] || die "provisioning would run again"
inside setpriv --reuid yolact-edge --regid yolact-edge --init-groups yolact-edge config show | grep -q broker.plant || die "the provisioned configuration"
say "device line-3 with its broker"
dpkg_root -P yolact-edge
rm -r "${root:?}/etc/nv_tegra_release" "${root:?}"/boot/*

echo "== Package of arm64"
life "$arm64" arm64 --force-architecture --force-depends
