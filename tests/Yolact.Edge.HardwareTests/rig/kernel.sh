#!/usr/bin/env bash
# Fetches Debian's kernel and builds gpio-sim for it, which Debian leaves out: a GPIO chip whose lines a test can pull and read.
#
#   kernel.sh FOLDER        makes vmlinuz, modules/ (lib/modules of the guest, with gpio-sim) and release in FOLDER
#
# Nothing of the kernel's source is kept in this repository: it comes from Debian's linux-source package.
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$PATH:/usr/sbin:/sbin
cd "$work"

image=$(apt-cache depends linux-image-amd64 | sed -nE 's/^ *Depends: (linux-image-[0-9].*)$/\1/p' | head -n 1)
[ -n "$image" ] || { echo "kernel.sh: apt knows no kernel: run apt-get update" >&2; exit 1; }
release=${image#linux-image-}
series=$(echo "$release" | cut -d. -f1,2)
echo "kernel: $release, fetched from Debian"
apt-get download -qq "$image" "linux-headers-$release" "linux-headers-${release%-amd64}-common" "linux-kbuild-$series" "linux-source-$series" >/dev/null
dpkg-deb -x linux-image-*.deb image
for package in linux-headers-*.deb linux-kbuild-*.deb linux-source-*.deb; do
    dpkg-deb -x "$package" headers
done

echo "kernel: gpio-sim"
tar -xJf "headers/usr/src/linux-source-$series.tar.xz" --strip-components=1 \
    "linux-source-$series/drivers/gpio/gpio-sim.c" "linux-source-$series/drivers/gpio/gpiolib.h" "linux-source-$series/kernel/irq/irq_sim.c"
mkdir module
cp drivers/gpio/gpiolib.h module
# One module of two files: irq_sim is built into kernels that have gpio-sim. What it calls is not exported, its equal is.
cp drivers/gpio/gpio-sim.c module/chip.c
sed 's/handle_simple_irq(irq_to_desc(irqnum))/generic_handle_irq(irqnum)/' kernel/irq/irq_sim.c >module/irq_sim.c
printf 'obj-m := gpio-sim.o\ngpio-sim-y := chip.o irq_sim.o\n' >module/Makefile
# The headers name their other half by its place in an installed system.
headers=$work/headers/usr/src/linux-headers-$release
sed -i "s#/usr/src/#$work/headers/usr/src/#" "$headers/Makefile"
make -s -C "$headers" M="$work/module" modules >build.log 2>&1 || { tail -n 20 build.log >&2; echo "kernel.sh: gpio-sim does not build" >&2; exit 1; }

modules=image/lib/modules/$release
install -D -m 0644 module/gpio-sim.ko "$modules/extra/gpio-sim.ko"
depmod -b image "$release"
rm -rf "$out/modules"
mkdir -p "$out/modules"
cp -r "$modules" "$out/modules/"
cp "image/boot/vmlinuz-$release" "$out/vmlinuz"
echo "$release" >"$out/release"
