import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { testActor, waitFor } from '@stratalab/tooling';
import type { Cluster } from '../cluster.ts';
import { chartFolder, createHelm, type Helm } from './helm.ts';
import { namespace, prepareSite, type Site } from './installation.test-support.ts';

const admin = testActor({ subject: 'admin', tenants: { demo: 'admin' } });
const demo = { tenant: 'demo' } as const;
const previous = join(chartFolder, 'releases/stratalab-0.1.0.tgz');
const release = ['stratalab', '--namespace', namespace] as const;
const patient = ['--wait', '--timeout', '180s'] as const;
const text = 'id,name\n1,one\n2,two\n';

/** The chart on a real node, with the real image of the platform: installed in its previous version, upgraded, rolled back, removed. */
export function describeChartInstall(cluster: () => Cluster, folder: () => string): void {
  describe('the chart on a real node', () => {
    let site: Site;
    let helm: Helm;

    beforeAll(async () => {
      site = await prepareSite(cluster(), folder());
      helm = await createHelm(cluster().settings, join(folder(), 'helm'), cluster());
    }, 600_000);
    afterAll(() => site.close(), 60_000);

    const isKept = async (): Promise<void> => {
      const catalog = await site.client(catalogRoutes, admin);
      const preview = () => catalog.previewVersion({ params: { ...demo, dataset: 'kept', version: '1' }, query: {} });
      const isNotReady = (error: unknown): undefined => {
        if (!(error instanceof Problem) || error.code !== 'invalid-state') throw error;
        return undefined;
      };
      const { rows } = await waitFor(() => preview().catch(isNotReady), 60_000);
      expect(rows).toEqual([
        [1, 'one'],
        [2, 'two']
      ]);
    };

    test('the previous version comes up against a PostgreSQL outside the cluster, answers through its Service, and takes data', async () => {
      await helm.run(['install', ...release, previous, '--values', site.values, ...patient]);
      const live = await site.request('/livez');
      expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
      expect((await site.request('/api/catalog/v1/tenants/demo/datasets')).status).toBe(401);

      const catalog = await site.client(catalogRoutes, admin);
      const upload = await catalog.createUpload({ params: demo, body: { dataset: 'kept', files: [{ name: 'kept.csv', sizeBytes: Buffer.byteLength(text) }] } });
      const part = await site.request(`/api/catalog/v1/tenants/demo/uploads/${upload.id}/files/0?offset=0`, { actor: admin, method: 'PUT', body: Buffer.from(text) });
      expect(part.status).toBe(200);
      await catalog.completeUpload({ params: { ...demo, upload: upload.id } });
      await isKept();
      expect(await readdir(join(site.dataFolder, 'tenants'))).toContain('demo');
    }, 240_000);
  });
}
