import { ApiException, ApisApi, AuthenticationV1Api, CustomObjectsApi, VersionApi, type KubeConfig } from '@kubernetes/client-node';
import { Problem } from '@stratalab/contracts';

/** What jobs and tenants are made of; without one of them nothing would run, and nobody would say why. */
const neededResources = [
  { group: 'batch.volcano.sh', version: 'v1alpha1', resource: 'jobs' },
  { group: 'bus.volcano.sh', version: 'v1alpha1', resource: 'commands' },
  { group: 'scheduling.volcano.sh', version: 'v1beta1', resource: 'queues' },
  { group: 'scheduling.volcano.sh', version: 'v1beta1', resource: 'podgroups' }
] as const;
/** Minor versions of Kubernetes 1 between which this was tried, with one to each side. */
export const testedMinors = { least: 32, most: 37 } as const;

/**
 * Looks whether a platform can run here, with the few calls every account may make (version and discovery).
 * @throws unavailable when the cluster does not answer; invalid-state naming everything that is missing
 */
export async function checkCluster(config: KubeConfig): Promise<void> {
  const server = config.getCurrentCluster()?.server ?? 'the cluster';
  const { major, minor } = await answer(server, config.makeApiClient(VersionApi).getCode());
  const problems = versionProblem(major, minor);
  const groups = new Map((await answer(server, config.makeApiClient(ApisApi).getAPIVersions())).groups.map(({ name, versions }) => [name, versions.map(({ version }) => version)]));
  const custom = config.makeApiClient(CustomObjectsApi);
  for (const { group, version, resource } of neededResources) {
    const versions = groups.get(group);
    const isServed = versions?.includes(version) === true && (await answer(server, custom.getAPIResources({ group, version }))).resources.some(({ name }) => name === resource);
    if (!isServed) problems.push(`It does not know ${resource}.${group}/${version}${versions === undefined ? '' : ` (of this group it serves ${versions.join(', ')})`}.`);
  }
  if (problems.length === 0) return;
  throw new Problem('invalid-state', {
    detail: `The cluster at ${server} cannot run Stratalab. ${problems.join(' ')}`,
    hint: 'Install Volcano 1.14 or newer with its custom resource definitions; see docs/install-on-kubernetes.md.'
  });
}

function versionProblem(major: string, minor: string): string[] {
  const number = Number.parseInt(minor, 10);
  if (major === '1' && number >= testedMinors.least) return [];
  return [`It is Kubernetes ${major}.${minor}; 1.${testedMinors.least} is the oldest that works.`];
}

async function answer<T>(server: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    const isRefused = cause instanceof ApiException && (cause.code === 401 || cause.code === 403);
    throw new Problem(isRefused ? 'forbidden' : 'unavailable', {
      detail: isRefused ? `The cluster at ${server} does not accept this account.` : `The cluster at ${server} does not answer: ${reasonOf(cause)}.`,
      hint: isRefused ? 'Check the credential in the kubeconfig or the token of the service account.' : 'Check that it runs and that KUBECONFIG names the right one.',
      cause
    });
  }
}

/** The innermost message says most: outer ones only that a fetch failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ApiException) return `it answers ${error.code}`;
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}

/** The service account this process is to the cluster; undefined for a user of it. @throws unavailable, forbidden */
export async function ownAccount(config: KubeConfig): Promise<{ readonly namespace: string; readonly name: string } | undefined> {
  const review = await answer(config.getCurrentCluster()?.server ?? 'the cluster', config.makeApiClient(AuthenticationV1Api).createSelfSubjectReview({ body: {} }));
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(review.status?.userInfo?.username ?? '') ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}
