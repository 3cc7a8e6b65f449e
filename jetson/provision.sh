#!/bin/sh
# First-boot provisioning: takes what makes one device of many out of a folder on the boot partition, which any PC can write.
# Installed as /usr/lib/yolact-edge/provision and run by yolact-edge-provision.service before the appliance. Untested on hardware.
#
# The folder is /boot/efi/yolact-edge (the FAT partition), else /boot/yolact-edge. All files are optional:
#   device-id        the device's name in topics and on the network; without it a fresh image takes the board's serial number
#   appliance.json   the configuration (broker, camera, lines); refused as a whole if 'yolact-edge config validate' refuses it
#   mqtt-password    the broker's password
#   ca.pem           the authority that signed the broker's certificate
#   client.pem, client.key   the device's certificate and key. With 'make-key' instead, the device makes its own key and leaves a request to
#                    sign (DEVICE.csr) beside the folder; the signed client.pem comes back the same way
# They become /etc/hostname, /etc/yolact-edge/appliance.json and /etc/yolact-edge/credentials/*; SSH host keys are made where there are none.
#
# Every step may be cut off by a power failure and is then done again: files are replaced whole, and the folder with its secrets is removed
# last. What happened is written beside it: yolact-edge-provisioned.txt or yolact-edge-error.txt.
#
# YOLACT_EDGE_ROOT stands for / in tests.
set -eu
umask 077
root=${YOLACT_EDGE_ROOT:-}
program=${YOLACT_EDGE_PROGRAM:-$root/usr/lib/yolact-edge/yolact-edge}
etc=$root/etc/yolact-edge
credentials=$etc/credentials
# There in an image that was never started (see stage-image.sh): an installed machine keeps its name unless it is told another.
fresh=$etc/provision-at-first-boot
boot=$root/boot
[ ! -d "$root/boot/efi" ] || boot=$root/boot/efi
[ -d "$boot/yolact-edge" ] || [ ! -d "$root/boot/yolact-edge" ] || boot=$root/boot
inbox=$boot/yolact-edge

# replace SOURCE TARGET MODE GROUP: the target is the old file or the new one, whenever the power fails.
replace() {
    cp "$1" "$2.new"
    chmod "$3" "$2.new"
    [ -n "$root" ] || chown "root:$4" "$2.new"
    sync "$2.new"
    mv "$2.new" "$2"
    sync "${2%/*}"
}

# write TARGET MODE GROUP, from standard input
write() {
    cat >"$1.text"
    replace "$1.text" "$1" "$2" "$3"
    rm -f "$1.text"
}

fail() {
    echo "provisioning: $1" >&2
    printf '%s\n\nThe configuration in force was kept. Correct the files in %s and start the device again.\n' "$1" "${inbox#"$root"}" \
        >"$boot/yolact-edge-error.txt"
    sync "$boot/yolact-edge-error.txt"
    exit 1
}

given() { [ -s "$inbox/$1" ]; }

device_id() {
    if given device-id; then
        id=$(head -n 1 "$inbox/device-id" | tr -d '\r')
    elif [ ! -e "$fresh" ]; then
        id=$(cat "$root/etc/hostname")
    elif [ -s "$root/proc/device-tree/serial-number" ]; then
        id=jetson-$(tr -d '\0' <"$root/proc/device-tree/serial-number")
    else
        id=edge-$(cut -c 1-8 "$root/etc/machine-id")
    fi
    # A name that is right as a host name is right in topics.
    case $id in
        '' | *[!A-Za-z0-9-]* | -* | *-) fail "device-id '$id': 1 to 63 letters, digits or '-', not at its ends" ;;
    esac
    [ ${#id} -le 63 ] || fail "device-id '$id': longer than 63 characters"
}

# Everything is checked before anything is changed.
check() {
    if given appliance.json && ! problem=$("$program" config validate "$inbox/appliance.json" 2>&1); then
        # Files that the configuration names are not there yet when the same folder brings them.
        for name in ca.pem client.pem client.key mqtt-password; do
            given "$name" && [ ! -e "$credentials/$name" ] && late=yes
        done
        [ "${late:-no}" = yes ] || fail "appliance.json cannot be used: $problem"
    fi
    if given client.key && ! given client.pem && [ ! -s "$credentials/client.pem" ]; then
        fail "client.key without its certificate client.pem"
    fi
}

credentials() {
    mkdir -p "$credentials"
    chmod 0750 "$credentials"
    [ -n "$root" ] || chown root:yolact-edge "$credentials"
    for name in ca.pem client.pem client.key mqtt-password; do
        ! given "$name" || replace "$inbox/$name" "$credentials/$name" 0640 yolact-edge
    done
    if [ -e "$inbox/make-key" ]; then
        if [ ! -s "$credentials/client.key" ]; then
            openssl ecparam -name prime256v1 -genkey -noout | write "$credentials/client.key" 0640 yolact-edge
        fi
        openssl req -new -key "$credentials/client.key" -subj "/CN=$id" >"$boot/$id.csr"
        sync "$boot/$id.csr"
    fi
}

name_device() {
    echo "$id" | write "$root/etc/hostname" 0644 root
    grep -v '^127\.0\.1\.1' "$root/etc/hosts" >"$root/etc/hosts.kept" 2>/dev/null || true
    { cat "$root/etc/hosts.kept"; printf '127.0.1.1\t%s\n' "$id"; } | write "$root/etc/hosts" 0644 root
    rm -f "$root/etc/hosts.kept"
    [ -n "$root" ] || hostname "$id"
}

configure() {
    given appliance.json || return 0
    # Checked once more where credentials have arrived meanwhile: a configuration that is refused would keep the appliance from starting.
    problem=$("$program" config validate "$inbox/appliance.json" 2>&1) || fail "appliance.json cannot be used: $problem"
    replace "$inbox/appliance.json" "$etc/appliance.json" 0640 yolact-edge
}

mkdir -p "$etc"
if [ -e "$fresh" ] && [ -z "$root" ] && command -v ssh-keygen >/dev/null; then
    # A staged image carries no host keys, since copies would share them. Makes only those that are missing.
    ssh-keygen -A
fi
device_id
if [ -d "$inbox" ]; then
    check
    credentials
    configure
fi
name_device
date -u +%Y-%m-%dT%H:%M:%SZ | write "$etc/provisioned" 0644 root
rm -f "$fresh"
sync "$etc"

if [ -d "$inbox" ]; then
    # Flash keeps what was overwritten: this keeps a reader of the card from the secrets, not a laboratory.
    for name in client.key mqtt-password; do
        ! given "$name" || shred -u "$inbox/$name" 2>/dev/null || rm -f "$inbox/$name"
    done
    rm -rf "$inbox"
    rm -f "$boot/yolact-edge-error.txt"
    printf 'device %s provisioned %s\n' "$id" "$(cat "$etc/provisioned")" >"$boot/yolact-edge-provisioned.txt"
    sync -f "$boot"
fi
echo "provisioning: device $id"
