#!/bin/sh
# give-up-root.sh UID [FROM NAME]… -- COMMAND…
# Runs as root in a mount namespace of its own. Shows what is named at /sys/NAME, where an account without any right
# can reach it whatever folder it lies in, and becomes the command as that account: the kernel counts no processes of
# root's, and files of root's stay root's.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
account=$1
shift
mount -t tmpfs -o mode=755,size=1m,nosuid,nodev sources /sys
mkdir /sys/root
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mkdir "/sys/$2"; else : >"/sys/$2"; fi
  mount --rbind "$1" "/sys/$2"
  shift 2
done
shift
exec setpriv --reuid="$account" --regid="$account" --clear-groups \
  --bounding-set=-all --inh-caps=-all --no-new-privs --pdeathsig=KILL -- "$@"
