import { ApisApi, CoordinationV1Api, CustomObjectsApi, VersionApi, type KubeConfig } from '@kubernetes/client-node';
import { testedMinors } from '../check-cluster.ts';
import { reasonOf } from './api-error.ts';
import { fail, ok, unknown, warn, type ClusterFinding, type ExamineOptions } from './finding.ts';

const toleratedSkewMs = 30_000;
const silentNodeMs = 120_000;

/** Whether it answers at all, and which version it is. A cluster that does not answer leaves nothing else to look at. */
export async function examineVersion({ kubeConfig }: ExamineOptions): Promise<ClusterFinding> {
  const name = 'Kubernetes';
  const server = kubeConfig.getCurrentCluster()?.server ?? 'the cluster';
  try {
    const { gitVersion, major, minor } = await kubeConfig.makeApiClient(VersionApi).getCode();
    const number = Number.parseInt(minor, 10);
    if (major !== '1' || number < testedMinors.least)
      return fail(
        name,
        `${server} is ${gitVersion}; jobs and their reasons need 1.${testedMinors.least} or newer.`,
        `Upgrade the control plane to at least 1.${testedMinors.least}.`
      );
    if (number > testedMinors.most)
      return warn(name, `${server} is ${gitVersion}, newer than what was tried (up to 1.${testedMinors.most}).`, 'Try a promotion and a job on a test installation first.');
    return ok(name, `${gitVersion} at ${server}`);
  } catch (error) {
    return fail(name, `${server} does not answer: ${reasonOf(error)}.`, 'Check that it runs and that the kubeconfig names the right one (--kubeconfig).');
  }
}

interface Needed {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly string[];
  readonly product: string;
  readonly isRequired: boolean;
  readonly without: string;
  readonly hint: string;
}

const installVolcano = 'Install Volcano 1.14 or newer with its custom resource definitions.';
const needed: readonly Needed[] = [
  { product: 'Volcano jobs', group: 'batch.volcano.sh', version: 'v1alpha1', resources: ['jobs'], isRequired: true, without: 'no job can start', hint: installVolcano },
  {
    product: 'Volcano commands',
    group: 'bus.volcano.sh',
    version: 'v1alpha1',
    resources: ['commands'],
    isRequired: true,
    without: 'jobs cannot be cancelled in order',
    hint: installVolcano
  },
  {
    product: 'Volcano queues and pod groups',
    group: 'scheduling.volcano.sh',
    version: 'v1beta1',
    resources: ['queues', 'podgroups'],
    isRequired: true,
    without: 'tenants have no shares and gangs do not start together',
    hint: installVolcano
  },
  {
    product: 'KubeRay',
    group: 'ray.io',
    version: 'v1',
    resources: ['rayclusters', 'rayjobs'],
    isRequired: false,
    without: 'Ray jobs are refused; all others run',
    hint: 'Install the KubeRay operator 1.6 or newer if somebody needs Ray.'
  }
];

/** The custom resources, in the versions that are written and read. */
export async function examineResources({ kubeConfig }: ExamineOptions): Promise<readonly ClusterFinding[]> {
  const groups = new Map((await kubeConfig.makeApiClient(ApisApi).getAPIVersions()).groups.map(({ name, versions }) => [name, versions.map(({ version }) => version)]));
  return Promise.all(needed.map(one => examineOne(kubeConfig, one, groups.get(one.group))));
}

async function examineOne(kubeConfig: KubeConfig, one: Needed, versions: readonly string[] | undefined): Promise<ClusterFinding> {
  const bad = one.isRequired ? fail : warn;
  if (versions === undefined) return bad(one.product, `${one.resources.map(name => `${name}.${one.group}`).join(' and ')} are not there: ${one.without}.`, one.hint);
  if (!versions.includes(one.version)) return bad(one.product, `${one.group} is served as ${versions.join(', ')}, not as ${one.version}: ${one.without}.`, one.hint);
  const { resources } = await kubeConfig.makeApiClient(CustomObjectsApi).getAPIResources({ group: one.group, version: one.version });
  const missing = one.resources.filter(name => !resources.some(resource => resource.name === name));
  if (missing.length > 0) return bad(one.product, `${missing.map(name => `${name}.${one.group}/${one.version}`).join(' and ')} are not there: ${one.without}.`, one.hint);
  return ok(one.product, `${one.group}/${one.version} with ${one.resources.join(', ')}`);
}

/** Clocks of the API server and of the nodes against ours: leases, tokens and the ledger of use compare times. */
export async function examineClocks({ kubeConfig }: ExamineOptions): Promise<ClusterFinding> {
  const name = 'Clocks';
  const before = Date.now();
  const { headers } = await kubeConfig.makeApiClient(VersionApi).getCodeWithHttpInfo();
  const ours = (before + Date.now()) / 2;
  const theirs = Date.parse(headers['date'] ?? headers['Date'] ?? '');
  if (Number.isNaN(theirs)) return unknown(name, 'The API server does not say what time it is.', 'Compare the clocks yourself: tokens tolerate one minute.');
  const skewMs = Math.abs(theirs - ours);
  if (skewMs > toleratedSkewMs)
    return fail(name, `The API server is ${Math.round(skewMs / 1000)} s away from this machine; credentials would be refused.`, 'Let both follow the same time server (NTP).');
  const stale = await silentNodes(kubeConfig, theirs).catch(() => undefined);
  if (stale === undefined) return ok(name, 'the API server agrees with this machine; those of the nodes are not visible to this account');
  if (stale.length > 0)
    return warn(name, `The last sign of life of ${stale.join(', ')} is more than two minutes off.`, 'The node is down, or its clock is wrong: check NTP there.');
  return ok(name, 'the API server and the nodes agree with this machine');
}

/** Nodes write the time of their own clock into their lease. */
async function silentNodes(kubeConfig: KubeConfig, nowMs: number): Promise<readonly string[]> {
  const { items } = await kubeConfig.makeApiClient(CoordinationV1Api).listNamespacedLease({ namespace: 'kube-node-lease' });
  return items
    .filter(lease => lease.spec?.renewTime !== undefined && Math.abs(new Date(lease.spec.renewTime).getTime() - nowMs) > silentNodeMs)
    .map(lease => lease.metadata?.name ?? 'a node');
}
