import { existsSync } from 'node:fs';
import { tryProgram } from '../run-program.ts';

/** Folder of Debian's CNI plugins. */
export const networkPlugins = '/usr/lib/cni';
const programs = ['containerd', 'ctr', 'runc', 'ip', 'iptables', 'nsenter', 'unshare'];

/** Why a real node cannot run here, in one sentence; undefined when it can. */
export async function whyNoRealNode(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'A real node needs Linux.';
  if (process.getuid?.() !== 0) return 'A real node needs root: containerd mounts file systems and makes networks.';
  const missing: string[] = [];
  for (const program of programs) if ((await tryProgram('sh', ['-c', `command -v ${program}`])).code !== 0) missing.push(program);
  if (!existsSync(networkPlugins)) missing.push(networkPlugins);
  if (missing.length > 0) return `A real node needs ${missing.join(', ')}. Debian: apt install containerd containernetworking-plugins iptables iproute2 util-linux.`;
  const { code } = await tryProgram('unshare', ['--mount', '--pid', '--net', '--fork', 'true']);
  return code === 0 ? undefined : 'A real node needs namespaces of its own, which this machine does not allow.';
}

/** @throws Error with the reason */
export async function demandRealNode(): Promise<void> {
  const reason = await whyNoRealNode();
  if (reason !== undefined) throw new Error(reason);
}
