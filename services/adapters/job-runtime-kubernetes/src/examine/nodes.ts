import { CoreV1Api, type V1Node } from '@kubernetes/client-node';
import { quantity } from '../capacity.ts';
import { statusOf } from './api-error.ts';
import { fail, ok, unknown, warn, type ClusterFinding, type ExamineOptions } from './finding.ts';

/** Resources that are accelerators or slices of one. */
const accelerator = /^(nvidia\.com\/(gpu|mig-.*)|amd\.com\/gpu|gpu\.intel\.com\/.*|habana\.ai\/gaudi|huawei\.com\/.*)$/;

/** Nodes that take work, and which GPUs and slices of them they offer. */
export async function examineNodes({ kubeConfig, gpuResource }: ExamineOptions): Promise<readonly ClusterFinding[]> {
  const nodes = await kubeConfig
    .makeApiClient(CoreV1Api)
    .listNode()
    .catch((error: unknown) => {
      if (statusOf(error) === 403) return undefined;
      throw error;
    });
  if (nodes === undefined)
    return [unknown('Nodes', 'This account may not see them.', 'Capacity, GPUs and the place in the queue come from the nodes; see the finding about rights.')];
  const open = nodes.items.filter(isOpen);
  if (open.length === 0) return [fail('Nodes', `None of the ${nodes.items.length} nodes takes work.`, 'Look at `kubectl get nodes`: they must be Ready and not cordoned.')];
  return [ok('Nodes', `${open.length} of ${nodes.items.length} take work`), describeGpus(open, gpuResource)];
}

function isOpen(node: V1Node): boolean {
  return node.spec?.unschedulable !== true && node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
}

function describeGpus(nodes: readonly V1Node[], gpuResource: string): ClusterFinding {
  const sums = new Map<string, number>();
  for (const node of nodes) {
    for (const [resource, amount] of Object.entries(node.status?.allocatable ?? {})) {
      if (resource === gpuResource || accelerator.test(resource)) sums.set(resource, (sums.get(resource) ?? 0) + quantity(amount));
    }
  }
  const offered = [...sums].filter(([, amount]) => amount > 0).sort(([one], [other]) => (one < other ? -1 : 1));
  if (offered.length === 0)
    return warn(
      'GPUs',
      `No node offers ${gpuResource} or another accelerator; jobs that ask for one are refused.`,
      'Install the device plugin of the vendor, or go on without GPUs.'
    );
  const text = offered.map(([resource, amount]) => `${amount} × ${resource}`).join(', ');
  if (!sums.has(gpuResource))
    return warn('GPUs', `${text}, but no ${gpuResource}, by which jobs ask for a GPU.`, 'Set STRATALAB_CLUSTER_GPU_RESOURCE to the resource jobs should ask for.');
  return ok('GPUs', text);
}
