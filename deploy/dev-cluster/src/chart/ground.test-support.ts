import { chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../cluster.ts';
import { writePlatformImage, type PlatformImage } from '../images/platform-image.ts';
import { importImage } from '../node/images.ts';
import { startPostgresForPods, type PodsDatabase } from './postgres-for-pods.test-support.ts';

const repository = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '');
const userId = 1000;

/** Where the data volume is for the pods of tenants. */
export const tenantsVolume = (dataFolder: string): object => ({ hostPath: { path: join(dataFolder, 'tenants/{tenant}') } });
export const homesVolume = (dataFolder: string): object => ({ hostPath: { path: join(dataFolder, 'home') } });

export interface GroundOptions {
  /** Of the test, on this machine. */
  readonly folder: string;
  readonly namespace: string;
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface Ground {
  readonly database: PodsDatabase;
  /** The data volume, as this machine sees it. */
  readonly dataFolder: string;
  close(): Promise<void>;
}

/** What every installation is given: a namespace with the strictest pod security, volumes for its claims, a database and its secrets. */
export async function prepareGround(cluster: Cluster, { folder, namespace: name, secrets }: GroundOptions): Promise<Ground> {
  const database = await startPostgresForPods();
  const volumes = await Promise.all(['data', 'hub'].map(claim => makeVolume(name, { claim: `stratalab-${claim}`, path: join(folder, name, claim) })));
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
    secret('stratalab-database', name, { url: database.url }),
    ...Object.entries(secrets).map(([secretName, data]) => secret(secretName, name, data)),
    ...volumes
  ];
  for (const object of objects) await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(object));
  return { database, dataFolder: join(folder, name, 'data'), close: () => database.stop() };
}

async function makeVolume(namespaceName: string, { claim, path }: { readonly claim: string; readonly path: string }): Promise<object> {
  await mkdir(path, { recursive: true });
  await chown(path, userId, userId);
  const spec = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteMany', 'ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain', hostPath: { path } };
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: `${namespaceName}-${claim}` }, spec: { ...spec, claimRef: { namespace: namespaceName, name: claim } } };
}

/** @param data as texts or bytes */
export function secret(name: string, namespaceName: string, data: Readonly<Record<string, string | Buffer>>): object {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: namespaceName }, data: Object.fromEntries(encoded) };
}

/** Makes an image of this checkout and gives it to the real node. */
export async function giveImage(cluster: Cluster, { archive, ...image }: PlatformImage & { readonly archive: string }): Promise<void> {
  await writePlatformImage(repository, archive, image);
  await importImage(cluster, archive);
  await rm(archive);
}
