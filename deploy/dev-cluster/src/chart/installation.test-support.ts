import { randomBytes } from 'node:crypto';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, createHttpTransport, type Client } from '@stratalab/client';
import type { RouteTable } from '@stratalab/contracts';
import { createInternalToken, type Actor } from '@stratalab/kernel';
import { startFakeHub, type FakeHub } from '../../../../services/platform/src/testing/fake-hub.test-support.ts';
import type { Cluster } from '../cluster.ts';
import { writePlatformImage } from '../images/platform-image.ts';
import { importImage } from '../node/images.ts';
import { hostAddress, nodeName } from '../settings.ts';
import { startPostgresForPods, type PodsDatabase } from './postgres-for-pods.test-support.ts';

export const namespace = 'stratalab-chart';
const repository = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '');
const userId = 1000;

/** What an installation finds in its cluster: a namespace with the strictest pod security, secrets, a volume, a database, a Hub, and the image on the node. */
export interface Site {
  /** Files with the values of this site. */
  readonly values: string;
  readonly database: PodsDatabase;
  /** The data volume, as this machine sees it. */
  readonly dataFolder: string;
  /** A typed client of the platform through its Service; pods and this machine share the network. */
  client<Table extends RouteTable>(table: Table, actor: Actor, service?: string): Promise<Client<Table>>;
  /** One request through the Service, as `actor`; without a credential when absent. */
  request(path: string, options?: { readonly actor?: Actor; readonly method?: string; readonly body?: Buffer }): Promise<Response>;
  close(): Promise<void>;
}

export async function prepareSite(cluster: Cluster, folder: string): Promise<Site> {
  const [database, hub] = [await startPostgresForPods(), await startFakeHub(hostAddress)];
  const internalKey = randomBytes(48);
  const dataFolder = join(folder, 'volume');
  await mkdir(dataFolder, { recursive: true });
  await chown(dataFolder, userId, userId);
  await giveImage(cluster, join(folder, 'platform.tar'));
  for (const object of siteObjects({ databaseUrl: database.url, internalKey, dataFolder })) await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(object));
  const values = join(folder, 'values.json');
  await writeFile(values, JSON.stringify(siteValues(hub, dataFolder)));

  const baseUrl = async (service: string): Promise<string> =>
    `http://${await cluster.kubectl(['-n', namespace, 'get', 'service', service, '-o', 'jsonpath={.spec.clusterIP}'])}:8003/services/stratalab`;
  const credential = (actor: Actor) => ({ authorization: `Bearer ${createInternalToken(actor, internalKey, new Date())}` });
  return {
    values,
    database,
    dataFolder,
    async client(table, actor, service = 'stratalab') {
      return createClient(table, createHttpTransport({ baseUrl: await baseUrl(service), headers: () => credential(actor), timeoutMs: 60_000 }));
    },
    async request(path, { actor, method = 'GET', body } = {}) {
      const headers = { ...(actor === undefined ? {} : credential(actor)), ...(body === undefined ? {} : { 'content-type': 'application/octet-stream' }) };
      return fetch(`${await baseUrl('stratalab')}${path}`, { method, headers, signal: AbortSignal.timeout(60_000), ...(body === undefined ? {} : { body: new Uint8Array(body) }) });
    },
    async close() {
      await hub.stop();
      await database.stop();
    }
  };
}

async function giveImage(cluster: Cluster, archive: string): Promise<void> {
  await writePlatformImage(repository, archive, 'localhost/platform:1');
  await importImage(cluster, archive);
}

function siteValues(hub: FakeHub, dataFolder: string): object {
  return {
    image: { repository: 'localhost/platform', tag: '1', pullPolicy: 'Never' },
    hub: { included: false, apiUrl: hub.apiUrl },
    jobs: { image: 'localhost/hostusr:1', namespacePrefix: 'chart-', volume: { hostPath: { path: join(dataFolder, 'tenants/{tenant}') } } },
    workspaces: { volume: { hostPath: { path: join(dataFolder, 'home') } } },
    services: { layout: 'together' },
    gateway: { autoscaling: { enabled: false }, replicas: 1, resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } } },
    data: { size: '1Gi' },
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '1Gi' } },
    nodeSelector: { 'kubernetes.io/hostname': nodeName },
    drainSeconds: 5
  };
}

function siteObjects({ databaseUrl, internalKey, dataFolder }: { databaseUrl: string; internalKey: Buffer; dataFolder: string }): readonly object[] {
  const secret = (name: string, data: Readonly<Record<string, Buffer>>): object => ({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } },
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, value.toString('base64')]))
  });
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
    secret('stratalab-database', { url: Buffer.from(databaseUrl) }),
    secret('stratalab-credentials', { 'internal-key': internalKey, 'hub-service-token': Buffer.from('test-token-of-the-service') }),
    {
      ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'stratalab-test' } },
      spec: {
        ...{ capacity: { storage: '1Gi' }, accessModes: ['ReadWriteMany'], persistentVolumeReclaimPolicy: 'Retain', hostPath: { path: dataFolder } },
        claimRef: { namespace, name: 'stratalab-data' }
      }
    }
  ];
}
