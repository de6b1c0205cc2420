import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { moduleFolder } from '../binaries/build.ts';
import { until, type Cluster } from '../cluster.ts';
import { definitionModules } from '../components.ts';

const stages = ['node/fast/node-initialize', 'node/heartbeat-with-lease/node-heartbeat-with-lease', 'pod/fast/pod-ready', 'pod/fast/pod-complete', 'pod/fast/pod-delete'];
const kinds = 'Stage,ClusterLogs,Logs,ClusterExec,Exec,ClusterPortForward,PortForward';
const readyTimeoutMs = 60_000;

/** Simulated nodes; only annotated ones are simulated, so a real node can stand beside them. */
export async function startFakeNodes(cluster: Cluster): Promise<void> {
  const certificate = (name: string): string => join(cluster.certificates, name);
  await cluster.processes.start({
    name: 'kwok',
    program: cluster.program('kwok'),
    args: [
      ...['--kubeconfig', cluster.kubeconfig, '--manage-all-nodes=false', '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake'],
      ...['--node-lease-duration-seconds=40', `--enable-crds=${kinds}`, '--server-address', `127.0.0.1:${cluster.ports.kwok}`],
      ...['--node-ip', '127.0.0.1', '--node-port', String(cluster.ports.kwok), '--tls-cert-file', certificate('kwok.crt'), '--tls-private-key-file', certificate('kwok.key')]
    ],
    environment: { HOME: cluster.settings.state },
    isKept: true
  });
  const root = await moduleFolder(definitionModules.kwok);
  const texts = await Promise.all(stages.map(name => readFile(join(root, 'kustomize/stage', `${name}.yaml`), 'utf8')));
  await cluster.kubectl(['apply', '-f', '-'], [...texts, ...fakeNodes(cluster.settings.fakeNodes).map(node => JSON.stringify(node))].join('\n---\n'));
  const isReady = async (): Promise<boolean> =>
    (await cluster.kubectl(['get', 'nodes', '-o', 'jsonpath={range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}']))
      .split('\n')
      .filter(line => line === 'True').length >= cluster.settings.fakeNodes;
  await until('The simulated nodes becoming ready', isReady, readyTimeoutMs);
}

/** Every second one has its GPUs cut into MIG slices, so that both kinds can be asked for. */
function fakeNodes(count: number): readonly object[] {
  return Array.from({ length: count }, (_unused, index) => {
    const name = `fake-${index}`;
    const gpus = index % 2 === 0 ? { 'nvidia.com/gpu': '8' } : { 'nvidia.com/gpu': '6', 'nvidia.com/mig-1g.18gb': '14' };
    const resources = { cpu: '64', memory: '512Gi', pods: '110', ...gpus };
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        annotations: { 'kwok.x-k8s.io/node': 'fake', 'node.alpha.kubernetes.io/ttl': '0' },
        labels: { type: 'kwok', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'nvidia.com/gpu.product': 'NVIDIA-H200' }
      },
      spec: { taints: [{ key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' }] },
      status: { allocatable: resources, capacity: resources }
    };
  });
}
