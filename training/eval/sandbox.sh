#!/bin/bash
# PID 1 of one throw-away sandbox. Started by run.py as root, already inside
# fresh mount, PID, network, IPC and UTS namespaces. Never run it by hand.
#
# usage: SPAWN=... sandbox.sh JAIL WORK CWD STATE_FD COMMAND_FD
#   JAIL      prepared directory (a mount point) that holds root/ and old/
#   WORK      the fixture copy, the only thing the command may write
#   CWD       directory to start in, relative to the fixture
#   STATE_FD  descriptor that receives the state records (NUL separated)
#   COMMAND_FD  descriptor to read the command line from (were it an argument,
#             `pkill -f` would find the shell that runs it)
#   SPAWN     names of background processes to start first, blank separated
set -e
jail=$1 work=$2 cwd=$3 state=$4 input=$5 spawn=$SPAWN
unset SPAWN
# High numbers, out of the way of a command that uses descriptors itself.
eval "exec 250>&$state $state>&- 251<&$input $input<&-"
state=250

hostname evalbox
ip link set lo up 2>/dev/null || :
mount --bind "$work" "$jail/root/home/user"
mount -o remount,bind,nosuid,nodev "$jail/root/home/user"
mount -t proc -o nosuid,nodev,noexec proc "$jail/root/proc"
mount -t tmpfs -o size=32m,mode=1777,nosuid,nodev tmpfs "$jail/root/tmp"
cd "$jail"
pivot_root . old
cd /
umount -l /old
set +e

ulimit -c 0
ulimit -f 65536      # KiB a file may grow to
ulimit -v 2097152    # KiB of address space
ulimit -u 256
ulimit -n 256

as_nobody() {
	chroot /root /usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups \
		--no-new-privs --bounding-set=-all --inh-caps=-all "$@"
}

pids=()
for name in $spawn; do
	as_nobody "/opt/demo/$name" 600 </dev/null >/dev/null 2>&1 &
	pids+=("$name=$!")
done
if [ -n "$spawn" ]; then sleep 0.2; fi
printf 'READY\0' >&"$state"

ulimit -t 10
# The command is evaluated by a shell set up as an interactive one would be
# (extglob as bash-completion sets it); its directory and exported variables
# at the end are reported, so that `cd` and `export` can be checked.
# shellcheck disable=SC2016
as_nobody /usr/bin/env -i \
	HOME=/home/user USER=nobody LOGNAME=nobody SHELL=/bin/bash \
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	LANG=C.UTF-8 TZ=UTC TERM=xterm PAGER=cat GIT_PAGER=cat \
	GIT_CONFIG_SYSTEM=/etc/gitconfig \
	/bin/bash --norc --noprofile -c '
		cd "$1" || exit 125
		trap "{ printf \"CWD %s\\0\" \"\$(pwd -P)\"; /usr/bin/env -0; } >&250 2>/dev/null" EXIT
		shopt -s extglob
		set --
		IFS= read -r -d "" REPLY <&251
		exec 251<&-
		eval "$REPLY"
	' bash "/home/user/$cwd"
rc=$?

if [ -n "$spawn" ]; then sleep 0.2; fi
for p in "${pids[@]}"; do
	st=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/root/proc/${p#*=}/status" 2>/dev/null)
	case $st in
		''|Z|X) printf 'DEAD %s\0' "${p%%=*}" >&"$state" ;;
		*) printf 'ALIVE %s\0' "${p%%=*}" >&"$state" ;;
	esac
done
exit "$rc"
