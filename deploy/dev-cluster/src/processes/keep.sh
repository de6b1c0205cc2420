#!/bin/sh
# Keeps one program running, as a kubelet keeps a container: keep.sh <file of ends> <program> [argument ...]
# Each end is one line of that file: the status it ended with. Asked to end, it ends the program first; when it is killed, so is the program.
ends=$1
shift
trap 'trap "" TERM; kill 0; wait; exit 0' TERM
while :; do
  setpriv --pdeathsig KILL "$@" &
  wait $!
  status=$?
  echo "$status" >>"$ends"
  echo "$1 ended with status $status and is started again."
  sleep 1
done
