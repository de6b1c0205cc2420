import { realpathSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { AccountName, TenantSite, VolumeSource } from '@stratalab/tenancy-kubernetes';
import { Type } from 'typebox';
import type { PlatformConfig } from '../config.ts';
import { readGpuKinds } from './gpu-kinds.ts';
import { readJsonSetting } from './json-setting.ts';

const volumeSource = Type.Object(
  { nfs: Type.Optional(Type.Unknown()), csi: Type.Optional(Type.Unknown()), hostPath: Type.Optional(Type.Unknown()) },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 }
);
const outsideAccount: AccountName = { namespace: 'stratalab', name: 'stratalab-platform' };

/** What this installation says about the places of its tenants. @param own the account of this process, where it has one. @throws invalid-request naming the setting that is not valid */
export function tenantSiteOf(config: PlatformConfig, own: AccountName | undefined): TenantSite {
  const data = realpathSync(config.STRATALAB_DATA);
  const platformAccount = own ?? outsideAccount;
  const [hubNamespace, hubName] = config.STRATALAB_CLUSTER_HUB_ACCOUNT.split('/');
  const outside = platformAddress(config);
  return {
    namespaceOf: tenant => `${config.STRATALAB_CLUSTER_NAMESPACE_PREFIX}${tenant}`,
    parentQueue: config.STRATALAB_CLUSTER_PARENT_QUEUE,
    gpuResource: config.STRATALAB_CLUSTER_GPU_RESOURCE,
    gpuSlices: slicesOf(config),
    podSecurity: config.STRATALAB_CLUSTER_POD_SECURITY,
    isReclaimable: config.STRATALAB_CLUSTER_RECLAIM,
    platformNamespace: config.STRATALAB_CLUSTER_NAMESPACE === '' ? platformAccount.namespace : config.STRATALAB_CLUSTER_NAMESPACE,
    ...(outside === undefined ? {} : { platformAddress: outside }),
    platformAccount,
    hubAccount: hubNamespace === undefined || hubName === undefined ? platformAccount : { namespace: hubNamespace, name: hubName },
    dataClaim: config.STRATALAB_CLUSTER_CLAIM,
    homeClaim: config.STRATALAB_CLUSTER_HOME_CLAIM,
    dataVolume: tenant => readVolume('STRATALAB_CLUSTER_VOLUME', config.STRATALAB_CLUSTER_VOLUME.replaceAll('{tenant}', tenant), join(data, 'tenants', tenant)),
    homeVolume: readVolume('STRATALAB_CLUSTER_HOME_VOLUME', config.STRATALAB_CLUSTER_HOME_VOLUME, join(data, 'home')),
    sharedSecrets: wordsOf(config.STRATALAB_CLUSTER_SHARED_SECRETS)
  };
}

/** Where pods reach a platform that is named by its address, as one outside of the cluster is. */
function platformAddress({ STRATALAB_JOB_ORIGIN, STRATALAB_JOB_LISTEN }: PlatformConfig): TenantSite['platformAddress'] {
  const origin = STRATALAB_JOB_ORIGIN === '' ? (STRATALAB_JOB_LISTEN === '' ? '' : `http://${STRATALAB_JOB_LISTEN}`) : STRATALAB_JOB_ORIGIN;
  if (origin === '') return undefined;
  const { hostname, port, protocol } = new URL(origin);
  if (isIP(hostname) !== 4) return undefined;
  return { cidr: `${hostname}/32`, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}

/** Everything but a whole GPU of which one counts as a GPU: what is named so, and what kinds of GPU are asked for by. */
function slicesOf(config: PlatformConfig): readonly string[] {
  const kinds = Object.values(readGpuKinds(config.STRATALAB_CLUSTER_GPU_KINDS)).map(({ resource }) => resource);
  const all = new Set([...wordsOf(config.STRATALAB_CLUSTER_GPU_SLICES), ...kinds]);
  all.delete(config.STRATALAB_CLUSTER_GPU_RESOURCE);
  return [...all];
}

function readVolume(name: string, text: string, folder: string): VolumeSource {
  if (text === '') return { hostPath: { path: folder, type: 'DirectoryOrCreate' } };
  return unsafeVolume(readJsonSetting({ name, schema: volumeSource, hint: 'It is a JSON object with one of nfs, csi and hostPath, as in a PersistentVolume.' }, text));
}

function wordsOf(text: string): readonly string[] {
  return text.split(',').flatMap(word => (word.trim() === '' ? [] : [word.trim()]));
}

/** The API server judges what is inside. */
function unsafeVolume(value: object): VolumeSource {
  return value;
}
