#!/bin/sh
# Runs in the node's own network, mount and process namespaces. Ending its parent ends every container and unmounts everything.
# Words: folder of the node, folder of the logs, kube binary, certificates, node name, node address, then image archives.
set -eu
folder=$1 logs=$2 kube=$3 certificates=$4 name=$5 address=$6
shift 6

mount --make-rshared /
mount --bind "$folder/log" /var/log
mount --bind "$folder/cni-state" /var/lib/cni
mount -t tmpfs tmpfs /run/containerd
mount -t tmpfs tmpfs /run/netns

containerd --config "$folder/containerd.toml" >"$logs/containerd.log" 2>&1 &
ctr="ctr -a /run/containerd/containerd.sock"
tries=0
until $ctr version >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 200 ] || exit 1
  sleep 0.1
done
for archive in "$@"; do $ctr -n k8s.io images import "$archive"; done

"$kube" kubelet --config "$folder/kubelet.json" --kubeconfig "$certificates/node.kubeconfig" --root-dir "$folder/kubelet" \
  --hostname-override "$name" --node-ip "$address" --node-labels real=true >"$logs/kubelet.log" 2>&1 &
"$kube" kube-proxy --kubeconfig "$certificates/proxy.kubeconfig" --hostname-override "$name" --proxy-mode iptables --cluster-cidr 10.244.0.0/16 \
  --conntrack-max-per-core 0 --conntrack-tcp-timeout-established 0 --conntrack-tcp-timeout-close-wait 0 \
  --healthz-bind-address 127.0.0.1:10256 --metrics-bind-address 127.0.0.1:10249 >"$logs/kube-proxy.log" 2>&1 &
wait
