import { KubeConfig } from '@kubernetes/client-node';
import type { TenantLimits } from '@stratalab/kernel';
import { platformRights, type TenantSite } from '@stratalab/tenancy-kubernetes';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '../cluster.ts';
import { plainSite } from './plain-place.ts';

export const prefix = 'tenant-';
export const limits: TenantLimits = { cpu: 8, memoryMiB: 16_384, gpu: 2, jobs: 10, workspaces: 5 };

/** The site of tests: hard-wired, restricted, with folders of this machine as volumes. */
export function testSite(dataFolder: string, given: Partial<TenantSite> = {}): TenantSite {
  return plainSite(dataFolder, { namespaceOf: tenant => `${prefix}${tenant}`, ...given });
}

/** Installs exactly the committed rights, with the accounts they are for, as an administrator of the cluster would. Idempotent. */
export async function installRights(cluster: Cluster, site: TenantSite): Promise<void> {
  const { platformNamespace } = site;
  const accounts = [site.platformAccount, site.hubAccount].map(({ name, namespace }) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }));
  const objects = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: platformNamespace } }, ...accounts, ...platformRights({ ...site, namespacePrefix: prefix })];
  await cluster.kubectl(['apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', '-'], objects.map(object => JSON.stringify(object)).join('\n---\n'));
}

/** How a process with the token of this account reaches the cluster. */
export async function kubeConfigOf(cluster: Cluster, account: { readonly namespace: string; readonly name: string }): Promise<KubeConfig> {
  const token = (await cluster.kubectl(['-n', account.namespace, 'create', 'token', account.name, '--duration', '1h'])).trim();
  const authority = await readFile(join(cluster.certificates, 'ca.crt'));
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'dev', server: `https://${cluster.address}:${cluster.ports.api}`, caData: authority.toString('base64'), skipTLSVerify: false }],
    users: [{ name: 'account', token }],
    contexts: [{ name: 'dev', cluster: 'dev', user: 'account' }],
    currentContext: 'dev'
  });
  return config;
}
