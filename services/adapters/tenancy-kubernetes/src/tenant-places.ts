import { ApiException, type KubernetesObject } from '@kubernetes/client-node';
import { Problem } from '@stratalab/contracts';
import { capacityOf, marks, type ClusterClient } from '@stratalab/job-runtime-kubernetes';
import type { PlaceDrift, TenantLimits, TenantPlaces } from '@stratalab/kernel';
import { shareOf } from './fair-share.ts';
import { createObjectKeeper, titleOf, type ObjectKeeper } from './keep-object.ts';
import { clusterWideObjects } from './objects/cluster-wide.ts';
import { copyOfSecret } from './objects/shared-secret.ts';
import { volumesOf } from './objects/volumes.ts';
import { tenantObjects } from './tenant-objects.ts';
import type { TenantSite } from './tenant-site.ts';

/** Kinds with which somebody could open what we closed; ours are known by name, others are told. */
const watchedKinds = [
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' }
] as const;

const priorityClass = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass' } as const;

/** Of a DNS label. */
const longestNamespace = 63;

/** The places of tenants on one cluster, kept by server-side apply with the rights of `rights/`. */
export function createKubernetesTenantPlaces(client: ClusterClient, site: TenantSite): TenantPlaces {
  const keeper = createObjectKeeper(client);
  return {
    longestName: longestNamespace - site.namespaceOf('').length,
    async ensure(tenant, limits) {
      try {
        return await ensurePlace({ client, site, keeper }, tenant, limits);
      } catch (cause) {
        throw understandable(cause, site.namespaceOf(tenant));
      }
    },
    async remove(tenant) {
      const namespace = site.namespaceOf(tenant);
      const place = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
      const found = await client.read<KubernetesObject>(place);
      if (found !== undefined) {
        // A namespace of that name that is not ours is nobody's business here.
        if (found.metadata?.labels?.[marks.tenant] !== tenant) return true;
        await client.remove(place);
        return false;
      }
      const outer = [
        { apiVersion: 'scheduling.volcano.sh/v1beta1', kind: 'Queue', metadata: { name: namespace } },
        ...volumesOf(site, tenant).map(({ name }) => ({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name } }))
      ];
      for (const object of outer) await client.remove(object);
      // A volume goes only when the cluster has noticed that its claim is gone; one that is made again before that would go, too.
      for (const object of outer) if ((await client.read(object)) !== undefined) return false;
      return true;
    }
  };
}

interface Parts {
  readonly client: ClusterClient;
  readonly site: TenantSite;
  readonly keeper: ObjectKeeper;
}

async function ensurePlace({ client, site, keeper }: Parts, tenant: string, limits: TenantLimits): Promise<readonly PlaceDrift[]> {
  const namespace = site.namespaceOf(tenant);
  const queue = { apiVersion: 'scheduling.volcano.sh/v1beta1', kind: 'Queue', metadata: { name: namespace } };
  // The queue is made last: where it is, everything was.
  const isExpected = (await client.read(queue)) !== undefined;
  const share = site.isReclaimable ? await shareIn({ client, site }, tenant, limits) : limits;
  const secrets = await Promise.all(site.sharedSecrets.map(name => copyOfSecret(client, { from: site.platformNamespace, name, namespace, tenant })));
  const [place, ...rest] = tenantObjects(site, tenant, limits, share);
  const found: (PlaceDrift | undefined)[] = [];
  const classes = await client.list<KubernetesObject>(priorityClass.apiVersion, priorityClass.kind);
  for (const object of clusterWideObjects(site)) if (!keeper.isInOrder(object, classes)) found.push(await keeper.keep(object, isExpected));
  if (place !== undefined) found.push(await keepNamespace({ client, site, keeper }, place, { tenant, isExpected }));
  for (const object of [...rest, ...secrets]) found.push(await keeper.keep(object, isExpected));
  const names = new Set([...rest, ...secrets].map(titleOf));
  const drift = [...found.filter(entry => entry !== undefined), ...(await foreignObjects(client, namespace, names))];
  return isExpected ? drift : drift.filter(({ change }) => change === 'foreign');
}

/** @throws conflict when the namespace is there and belongs to something else */
async function keepNamespace({ client, keeper }: Parts, place: KubernetesObject, of: { readonly tenant: string; readonly isExpected: boolean }): Promise<PlaceDrift | undefined> {
  const name = place.metadata?.name ?? '';
  const found = await client.read<KubernetesObject>({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  if (found?.metadata?.deletionTimestamp !== undefined)
    throw new Problem('unavailable', { detail: `The namespace ${name} is being deleted; it is made again when it is gone.`, retryAfterSeconds: 2 });
  const owner = found?.metadata?.labels?.[marks.tenant];
  // Marks can be lost; a namespace that never had one, or has another's, is not taken.
  if (found !== undefined && owner !== of.tenant && !(owner === undefined && of.isExpected)) {
    throw new Problem('conflict', {
      detail: `The namespace ${name} is there already and not of this tenant.`,
      hint: 'Rename or remove it, or choose another STRATALAB_CLUSTER_NAMESPACE_PREFIX.'
    });
  }
  return keeper.keep(place, of.isExpected);
}

async function foreignObjects(client: ClusterClient, namespace: string, ours: ReadonlySet<string>): Promise<readonly PlaceDrift[]> {
  const lists = await Promise.all(
    watchedKinds.map(async ({ apiVersion, kind }) =>
      (await client.list<KubernetesObject>(apiVersion, kind, namespace)).map(({ metadata }) => titleOf({ kind, ...(metadata === undefined ? {} : { metadata }) }))
    )
  );
  return lists
    .flat()
    .filter(title => !ours.has(title))
    .map(object => ({ object, change: 'foreign' as const, fields: [] }));
}

async function shareIn({ client, site }: Omit<Parts, 'keeper'>, tenant: string, limits: TenantLimits): Promise<TenantLimits> {
  const queues = await client.list<KubernetesObject & { readonly spec?: { readonly parent?: string; readonly capability?: Readonly<Record<string, string>> } }>(
    'scheduling.volcano.sh/v1beta1',
    'Queue'
  );
  const others = queues.filter(({ metadata, spec }) => spec?.parent === site.parentQueue && metadata?.name !== site.namespaceOf(tenant)).map(({ spec }) => spec?.capability ?? {});
  return shareOf(limits, others, { pool: capacityOf(await client.nodes(), [site.gpuResource]), gpuResource: site.gpuResource });
}

function understandable(cause: unknown, namespace: string): unknown {
  if (!(cause instanceof ApiException) || cause.code !== 403) return cause;
  const said = /"message":\s*"((?:[^"\\]|\\.)*)"/.exec(String(cause.body))?.[1] ?? cause.message;
  return new Problem('unavailable', {
    detail: `The cluster does not let the platform keep ${namespace} in order: ${said.replaceAll('\\"', '"').slice(0, 500)}`,
    hint: 'Right after a namespace was made this passes by itself; otherwise install the rights of the chart again (rbac.create).',
    retryAfterSeconds: 2,
    cause
  });
}
