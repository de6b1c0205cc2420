import { existsSync } from 'node:fs';
import type { Cluster } from '../cluster.ts';
import { runProgram, tryProgram } from '../run-program.ts';
import { hostAddress, nodeAddress } from '../settings.ts';

/** The node's network namespace, and the host's end of the cable to it. */
export const networkNamespace = 'stratalab-node';
const cable = 'stratalab0';
const namespaceFile = `/run/netns/${networkNamespace}`;

/** Pods and services are reached through the node; nothing in the host's own firewall changes. */
export const podRange = '10.244.0.0/24';
const serviceRange = '10.96.0.0/16';

/** A network namespace joined to this machine by one cable; both ranges are routed into it. */
export async function startNetwork(): Promise<void> {
  if (existsSync(namespaceFile)) return;
  const ip = (words: string): Promise<string> => runProgram('ip', words.split(' '));
  await ip(`netns add ${networkNamespace}`);
  try {
    await ip(`link add ${cable} type veth peer name eth0 netns ${networkNamespace}`);
    await ip(`addr add ${hostAddress}/24 dev ${cable}`);
    await ip(`link set ${cable} up`);
    await ip(`-n ${networkNamespace} addr add ${nodeAddress}/24 dev eth0`);
    await ip(`-n ${networkNamespace} link set eth0 up`);
    await ip(`-n ${networkNamespace} link set lo up`);
    await ip(`-n ${networkNamespace} route add default via ${hostAddress}`);
    await ip(`route add ${podRange} via ${nodeAddress}`);
    await ip(`route add ${serviceRange} via ${nodeAddress}`);
    const forward = 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null || true';
    await runProgram('nsenter', [`--net=${namespaceFile}`, 'sh', '-c', forward]);
  } catch (error) {
    await removeNames();
    throw error;
  }
}

/** Takes both ends away, and with them their routes. Other tiers never made them. */
export async function removeNetwork({ tier }: Cluster): Promise<void> {
  if (tier === 't3') await removeNames();
}

async function removeNames(): Promise<void> {
  await tryProgram('ip', ['link', 'del', cable]);
  await tryProgram('ip', ['netns', 'del', networkNamespace]);
}
