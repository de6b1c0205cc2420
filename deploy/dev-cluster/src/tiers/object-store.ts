import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until, type Cluster } from '../cluster.ts';

const name = 'versitygw';
const readyTimeoutMs = 30_000;

/** How to reach the S3 of a cluster; its keys are made with it and end with it. */
export interface ObjectStoreAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const fileOf = (cluster: Cluster): string => join(cluster.settings.state, 's3', 'access.json');

/** Whether this cluster has an object store, running or not. */
export async function hasObjectStore(cluster: Cluster): Promise<boolean> {
  return (await cluster.processes.list()).some(process => process.name === name);
}

/** @throws Error when the cluster was started without one */
export async function readObjectStoreAccess(cluster: Cluster): Promise<ObjectStoreAccess> {
  if (!existsSync(fileOf(cluster))) throw new Error("This cluster has no object store; 'npm run cluster -- up --s3' starts one.");
  const access: ObjectStoreAccess = JSON.parse(await readFile(fileOf(cluster), 'utf8'));
  return access;
}

/** An S3 over a folder of the cluster's state, on the address where the API listens, so pods of a real node reach it too. */
export async function startObjectStore(cluster: Cluster): Promise<void> {
  const root = join(cluster.settings.state, 's3');
  // It changes its working directory, so every path is absolute.
  const folder = (part: string): string => join(root, part);
  for (const part of ['buckets', 'versions', 'users']) await mkdir(folder(part), { recursive: true, mode: 0o700 });
  if (!existsSync(fileOf(cluster))) {
    const endpoint = `http://${cluster.address}:${cluster.ports.objectStore}`;
    const access = { endpoint, region: 'us-east-1', accessKeyId: 'dev', secretAccessKey: randomBytes(20).toString('hex') } satisfies ObjectStoreAccess;
    await writeFile(fileOf(cluster), JSON.stringify(access), { mode: 0o600 });
  }
  const { endpoint, region, accessKeyId, secretAccessKey } = await readObjectStoreAccess(cluster);
  await cluster.processes.start({
    name,
    program: cluster.program(name),
    args: [
      ...['--port', `${cluster.address}:${cluster.ports.objectStore}`, '--region', region, '--health', '/health', '--quiet'],
      ...['--iam-dir', folder('users'), 'posix', '--versioning-dir', folder('versions'), folder('buckets')]
    ],
    environment: { ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey }
  });
  await until('The object store', async () => (await fetch(`${endpoint}/health`).catch(() => undefined))?.ok === true, readyTimeoutMs);
}
