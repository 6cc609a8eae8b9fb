#!/bin/sh
# Runs a program that reads its keys in /certs and listens on fixed ports of all addresses: with folders of its own and a
# network that has nothing but loopback. `unshare --user --map-root-user --mount --net` is what it runs in.
# wall.sh ROOT CERTIFICATES COMMAND…
set -e
root=$1 certificates=$2
shift 2
ip link set lo up
mkdir "$root"
mount -t tmpfs none "$root"
for entry in /*; do
  name=${entry#/}
  if [ -L "$entry" ]; then
    cp -P "$entry" "$root/"
  elif [ -d "$entry" ] && [ "$name" != certs ]; then
    mkdir "$root/$name"
    mount --rbind "$entry" "$root/$name"
  fi
done
mkdir "$root/certs"
mount --rbind "$certificates" "$root/certs"
exec chroot "$root" "$@"
