import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until, type Cluster } from '../cluster.ts';
import { clusterRoot, nodeAddress, nodeName } from '../settings.ts';
import { writeNodeConfiguration } from './configuration.ts';
import { makeImages } from './images.ts';
import { keepSettings } from './kept-settings.ts';
import { networkNamespace } from './network.ts';

const readyTimeoutMs = 90_000;

/** containerd, kubelet and kube-proxy as one node, in network, mount and process namespaces of their own, and the names of services. */
export async function startNode(cluster: Cluster): Promise<void> {
  await keepSettings(cluster);
  const folder = await writeNodeConfiguration(cluster);
  const archives = await makeImages(cluster);
  for (const path of ['/var/lib/cni', '/run/containerd']) await mkdir(path, { recursive: true });
  await cluster.processes.start({
    name: 'node',
    program: 'nsenter',
    args: [
      `--net=/run/netns/${networkNamespace}`,
      ...['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...[join(clusterRoot, 'node/inside.sh'), folder, join(cluster.settings.state, 'log'), cluster.program('kube'), cluster.certificates, nodeName, nodeAddress],
      ...archives
    ],
    isKilled: true
  });
  await allowProxy(cluster);
  await until('The real node becoming ready', () => isTrue(cluster, ['get', 'node', nodeName], 'Ready'), readyTimeoutMs);
  await cluster.kubectl(['apply', '-f', '-'], await readFile(join(clusterRoot, 'conf/coredns.yaml'), 'utf8'));
  await until('The name service becoming ready', () => isTrue(cluster, ['-n', 'kube-system', 'get', 'deployment', 'coredns'], 'Available'), readyTimeoutMs);
}

async function isTrue(cluster: Cluster, object: readonly string[], condition: string): Promise<boolean> {
  const { code, output } = await cluster.tryKubectl([...object, '-o', `jsonpath={.status.conditions[?(@.type=="${condition}")].status}`]);
  return code === 0 && output === 'True';
}

async function allowProxy(cluster: Cluster): Promise<void> {
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'kube-proxy' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:node-proxier' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:kube-proxy' }]
  };
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(binding));
}
