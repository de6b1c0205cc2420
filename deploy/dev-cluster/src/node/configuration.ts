import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../cluster.ts';
import { nodeAddress } from '../settings.ts';
import { podRange } from './network.ts';
import { networkPlugins } from './requirements.ts';

export const containerdSocket = '/run/containerd/containerd.sock';

/** Writes what containerd, the network plugins and kubelet read. @returns the node's folder */
export async function writeNodeConfiguration(cluster: Cluster): Promise<string> {
  const folder = join(cluster.settings.state, 'node');
  for (const name of ['containerd', 'kubelet', 'log', 'cni-state', 'cni']) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'cni/10-dev.conflist'), JSON.stringify(network));
  await writeFile(join(folder, 'containerd.toml'), containerd(folder));
  await writeFile(join(folder, 'kubelet.json'), JSON.stringify(kubelet(cluster, folder)));
  await writeFile(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  return folder;
}

const network = {
  cniVersion: '1.0.0',
  name: 'dev',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: podRange }]], routes: [{ dst: '0.0.0.0/0' }] }
    },
    { type: 'portmap', capabilities: { portMappings: true } }
  ]
};

/** `restrict_oom_score_adj`: a root without CAP_SYS_RESOURCE may not lower it, and every sandbox would fail. */
function containerd(folder: string): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  const runc = `${cri}.containerd.runtimes.runc`;
  const unused = ['aufs', 'btrfs', 'devmapper', 'zfs'].map(name => `"io.containerd.snapshotter.v1.${name}"`);
  const tracing = ['"io.containerd.tracing.processor.v1.otlp"', '"io.containerd.internal.v1.tracing"'];
  return `version = 2
root = "${folder}/containerd"
state = "/run/containerd"
disabled_plugins = [${[...unused, ...tracing].join(', ')}]
[grpc]
address = "${containerdSocket}"
[${cri}]
sandbox_image = "localhost/pause:1"
disable_apparmor = true
restrict_oom_score_adj = true
[${cri}.containerd]
snapshotter = "overlayfs"
default_runtime_name = "runc"
[${runc}]
runtime_type = "io.containerd.runc.v2"
[${runc}.options]
SystemdCgroup = false
[${cri}.cni]
bin_dir = "${networkPlugins}"
conf_dir = "${folder}/cni"
`;
}

function kubelet({ certificates }: Cluster, folder: string): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    // Machines with the first cgroup version are still common.
    failCgroupV1: false,
    cgroupDriver: 'cgroupfs',
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    imageServiceEndpoint: `unix://${containerdSocket}`,
    failSwapOn: false,
    address: nodeAddress,
    healthzBindAddress: '127.0.0.1',
    tlsCertFile: join(certificates, 'kubelet.crt'),
    tlsPrivateKeyFile: join(certificates, 'kubelet.key'),
    authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: join(certificates, 'ca.crt') } },
    authorization: { mode: 'Webhook' },
    clusterDNS: ['10.96.0.10'],
    clusterDomain: 'cluster.local',
    resolvConf: join(folder, 'resolv.conf'),
    podLogsDir: '/var/log/pods',
    // The disk of a development machine may be nearly full; that is not the node's business.
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%', 'nodefs.inodesFree': '1%' },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    systemReserved: { cpu: '100m', memory: '512Mi' },
    maxPods: 60,
    registerNode: true,
    nodeStatusUpdateFrequency: '5s'
  };
}
