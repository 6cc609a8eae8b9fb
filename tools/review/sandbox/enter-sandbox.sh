#!/bin/sh
# enter-sandbox.sh ROOT BYTES FOLDER [ro FROM AT | rw FROM AT | link TARGET AT]… -- COMMAND…
# Runs in fresh namespaces of user, mounts, processes and network (unshare.ts), as the user that is root in them and
# nobody outside. Makes a root of what is named, on ROOT, moves into it, gives up every right, and becomes the command.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
root=$1 bytes=$2 folder=$3
shift 3

# Folders and devices may come from a system that is mounted with `noexec`, which cannot be taken back.
read_only() {
  mount -o remount,bind,ro,nosuid,nodev "$1" 2>/dev/null ||
    mount -o remount,bind,ro,nosuid,nodev,noexec "$1"
}

place() {
  if [ -d "$1" ]; then
    [ -d "$2" ] || mkdir -p "$2"
  elif ! [ -e "$2" ]; then
    mkdir -p "$(dirname "$2")"
    : >"$2"
  fi
  # A link of the program's must not decide where something is mounted.
  [ "$(readlink -f "$2")" = "$2" ] || { echo "enter-sandbox: '$2' is a link" >&2 && exit 1; }
  mount --rbind "$1" "$2"
}

mount -t tmpfs -o mode=755,size=1m,nosuid,nodev sandbox "$root"
while [ "$1" != -- ]; do
  case $1 in
  ro)
    place "$2" "$root$3"
    findmnt --noheadings --raw --submounts --output TARGET "$root$3" | while IFS= read -r target; do
      read_only "$(printf '%b' "$target")"
    done
    ;;
  rw) place "$2" "$root$3" ;;
  link) ln -s "$2" "$root$3" ;;
  esac
  shift 3
done
shift

mkdir -p "$root/proc" "$root/dev" "$root/tmp"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t tmpfs -o mode=1777,size="$bytes",nr_inodes=10000,nosuid,nodev tmp "$root/tmp"
for device in null zero full random urandom; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
for stream in 0:stdin 1:stdout 2:stderr; do
  ln -s "/proc/self/fd/${stream%%:*}" "$root/dev/${stream#*:}"
done

# A namespace of its own would give it rights by which more of the kernel can be reached.
echo 0 >"$root/proc/sys/user/max_user_namespaces"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro,nosuid,nodev,noexec "$root/proc/sys"

# SIOCSIFFLAGS with IFF_UP, where iproute2 is not installed; perl-base is essential to Debian.
ip link set lo up 2>/dev/null ||
  perl -e 'socket(my $s, 2, 2, 0) or die $!; my $r = pack("a16 s x14", "lo", 1); ioctl($s, 0x8914, $r) or die $!'
hostname sandbox 2>/dev/null || true

cd "$root"
pivot_root . .
umount --lazy .
cd /
mount -o remount,bind,ro,nosuid,nodev /
cd "$folder"
exec setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all --no-new-privs -- "$@"
