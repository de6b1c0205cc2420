import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, createHttpTransport, type Client } from '@stratalab/client';
import type { RouteTable } from '@stratalab/contracts';
import { createInternalToken, type Actor } from '@stratalab/kernel';
import { startFakeHub, type FakeHub } from '../../../../services/platform/src/testing/fake-hub.test-support.ts';
import type { Cluster } from '../cluster.ts';
import { hostAddress, nodeName } from '../settings.ts';
import { giveImage, homesVolume, prepareGround, secret, tenantsVolume } from './ground.test-support.ts';
import type { PodsDatabase } from './postgres-for-pods.test-support.ts';

export const namespace = 'stratalab-chart';

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
  const { database, dataFolder, close } = await prepareGround(cluster, { folder, namespace, secrets: {} });
  const hub = await startFakeHub(hostAddress);
  const internalKey = randomBytes(48);
  await cluster.kubectl(
    ['apply', '-f', '-'],
    JSON.stringify(secret('stratalab-credentials', namespace, { 'internal-key': internalKey, 'hub-service-token': 'test-token-of-the-service' }))
  );
  await giveImage(cluster, { archive: join(folder, 'platform.tar'), reference: 'localhost/platform:1', hasHub: false });
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
      await close();
    }
  };
}

function siteValues(hub: FakeHub, dataFolder: string): object {
  return {
    image: { repository: 'localhost/platform', tag: '1', pullPolicy: 'Never' },
    hub: { included: false, apiUrl: hub.apiUrl },
    jobs: { image: 'localhost/hostusr:1', namespacePrefix: 'chart-', volume: tenantsVolume(dataFolder) },
    workspaces: { volume: homesVolume(dataFolder) },
    services: { layout: 'together' },
    gateway: { autoscaling: { enabled: false }, replicas: 1, resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '256Mi' } } },
    data: { size: '1Gi' },
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '1Gi' } },
    nodeSelector: { 'kubernetes.io/hostname': nodeName },
    drainSeconds: 5
  };
}
