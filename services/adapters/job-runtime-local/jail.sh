#!/usr/bin/env bash
# Runs a command where, of the platform's data folder, only the given home (writable) and the published objects of the given
# tenants (read-only) exist. Needs unprivileged user namespaces; works as root too. The command keeps its user id, holds no
# privilege over the mounts, and is what this process becomes (signals and exit status are its own) unless --pid is given.
#
#   jail.sh --data D --home H [--tenant T]… [--write FOLDER]… [--read FOLDER]… [--pid] -- command…
#
# --write, --read: further folders that stay visible. --pid: own process numbers; when the command ends, everything it started ends.
set -euo pipefail

fail() {
  echo "jail: $1" >&2
  exit 125
}

if [[ ${1:-} != --inside ]]; then
  own_pids=()
  for word in "$@"; do
    [[ $word == -- ]] && break
    [[ $word == --pid ]] && own_pids=(--pid --fork --kill-child --mount-proc)
  done
  exec unshare --user --map-root-user --mount --propagation private "${own_pids[@]}" -- "$0" --inside "$(id -u)" "$(id -g)" "$@"
fi
user=$2
group=$3
shift 3

data=
home=
modes=()
paths=()
descriptors=()
# What stays is opened before the data folder is covered.
keep() {
  local path descriptor
  path=$(realpath -- "$2") && [[ -d $path ]] || fail "there is no folder $2"
  exec {descriptor}<"$path"
  modes+=("$1")
  paths+=("$path")
  descriptors+=("$descriptor")
}
while [[ $# -gt 0 ]]; do
  case $1 in
    --data) data=$(realpath -- "$2") && shift 2 ;;
    --home) home=$(realpath -- "$2") && keep rw "$home" && shift 2 ;;
    --tenant)
      [[ $2 =~ ^[a-z0-9-]+$ ]] || fail "not a tenant: $2"
      if [[ -d $data/tenants/$2/objects ]]; then keep ro "$data/tenants/$2/objects"; fi
      shift 2
      ;;
    --write) keep rw "$2" && shift 2 ;;
    --read) keep ro "$2" && shift 2 ;;
    --pid) shift ;;
    --) shift && break ;;
    *) fail "unknown option $1" ;;
  esac
done
[[ -n $data && -n $home && $# -gt 0 ]] || fail 'needs --data, --home and a command'

here=$PWD
cd /
mount -t tmpfs -o size=4m,mode=755,nosuid,nodev stratalab-jail "$data"
for index in "${!paths[@]}"; do
  path=${paths[$index]}
  mkdir -p -- "$path"
  mount --no-canonicalize --bind "/proc/self/fd/${descriptors[$index]}" "$path"
  if [[ ${modes[$index]} == ro ]]; then
    # Every flag the folder's own mount has must be named: an unprivileged mount may not drop them.
    flags=$(findmnt --noheadings --first-only --output VFS-OPTIONS --mountpoint "$path")
    mount --no-canonicalize -o "remount,bind,${flags/#rw/ro}" "$path"
  fi
  exec {descriptors[index]}<&-
done
mount -o remount,ro,nosuid,nodev stratalab-jail "$data" 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev "$data"
cd "$here" 2>/dev/null || cd "$home"
# A second user namespace gives the caller's id back and takes the power over the mounts away.
exec unshare --user --map-user="$user" --map-group="$group" -- "$@"
