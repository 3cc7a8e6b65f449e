#!/usr/bin/env bash
# Makes the Debian packages: yolact-edge_VERSION_amd64.deb and yolact-edge_VERSION_arm64.deb.
#
#   deploy/build-deb.sh [--arch amd64|arm64] [--publish FOLDER] [--output FOLDER] [--compression xz|zstd|none]
#
#   --arch          one of the two; both if left out
#   --publish       take what deploy/publish.sh made there instead of publishing (with --arch)
#   --output        where the packages go; out/deb if left out
#   --compression   xz if left out
#
# Prints the packages' paths, amd64 first.
#
# The version is that of Directory.Build.props. The same published folder gives the same package byte for byte: times are SOURCE_DATE_EPOCH, the
# commit's time if unset. (Two compilations of one commit differ in one file: .NET's generator of log methods writes them in any order.)
set -euo pipefail
usage() { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }

arches="amd64 arm64" publish="" output="" compression=xz
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
        --arch) case $2 in amd64 | arm64) arches=$2 ;; *) usage ;; esac ;;
        --publish) publish=$(realpath "$2") ;;
        --output) output=$(realpath -m "$2") ;;
        --compression) compression=$2 ;;
        *) usage ;;
    esac
    shift 2
done
[ -z "$publish" ] || [ "$arches" != "amd64 arm64" ] || usage

cd "$(dirname "$0")/.."
output=${output:-$PWD/out/deb}
version=$(dotnet msbuild src/Yolact.Edge/Yolact.Edge.csproj -getProperty:Version | sed 's/-/~/')
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
# Threads decide where a compressor cuts its blocks.
export SOURCE_DATE_EPOCH DPKG_DEB_THREADS_MAX=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022

# install MODE SOURCE TARGET-IN-PACKAGE
put() { install -D -m "$1" "$2" "$root/$3"; }

stage() {
    lib=$root/usr/lib/yolact-edge
    mkdir -p "$lib" "$root/usr/bin" "$root/DEBIAN"
    cp -r "$files/." "$lib"
    find "$lib" -type d -exec chmod 0755 {} + -o -type f -exec chmod 0644 {} +
    chmod 0755 "$lib/yolact-edge"
    [ ! -e "$lib/createdump" ] || chmod 0755 "$lib/createdump"
    ln -s ../lib/yolact-edge/yolact-edge "$root/usr/bin/yolact-edge"

    local unit
    for unit in yolact-edge.service yolact-edge-argus.path yolact-edge-argus.service yolact-edge-provision.service; do
        put 0644 "systemd/$unit" "usr/lib/systemd/system/$unit"
    done
    put 0644 systemd/yolact-edge.service.d/jetson.conf usr/lib/yolact-edge/jetson.conf
    put 0755 jetson/provision.sh usr/lib/yolact-edge/provision
    put 0644 systemd/60-yolact-edge.udev usr/lib/udev/rules.d/60-yolact-edge.rules
    put 0644 systemd/50-yolact-edge.rules usr/share/polkit-1/rules.d/50-yolact-edge.rules
    put 0644 systemd/yolact-edge.sysusers usr/lib/sysusers.d/yolact-edge.conf
    put 0644 systemd/yolact-edge.tmpfiles usr/lib/tmpfiles.d/yolact-edge.conf
    put 0644 systemd/yolact-edge.journald usr/lib/systemd/journald.conf.d/yolact-edge.conf
    put 0644 deploy/appliance.json etc/yolact-edge/appliance.json
    put 0644 deploy/debian/copyright usr/share/doc/yolact-edge/copyright
    put 0644 "$work/$arch.cdx.json" usr/share/doc/yolact-edge/sbom.cdx.json

    local script
    for script in postinst prerm postrm; do
        put 0755 "deploy/debian/$script" "DEBIAN/$script"
    done
    put 0644 deploy/debian/conffiles DEBIAN/conffiles
    sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$(du -sk --apparent-size --exclude=DEBIAN "$root" | cut -f1)/" \
        deploy/debian/control >"$root/DEBIAN/control"
    (cd "$root" && find . -type f -not -path './DEBIAN/*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
    find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

mkdir -p "$output"
for arch in $arches; do
    root=$work/$arch
    rid=linux-$([ "$arch" = amd64 ] && echo x64 || echo "$arch")
    files=$publish
    if [ -z "$files" ]; then
        files=$work/publish-$arch
        deploy/publish.sh "$rid" "$files" >&2
    fi
    dotnet run deploy/sbom.cs -- "$files" "$version" "$work/$arch.cdx.json" >&2
    stage
    dpkg-deb --root-owner-group -Z"$compression" --build "$root" "$output/yolact-edge_${version}_$arch.deb" >/dev/null
    echo "$output/yolact-edge_${version}_$arch.deb"
done
