import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { testActor, waitFor } from '@stratalab/tooling';
import type { Cluster } from '../cluster.ts';
import { dashboardMetrics, exportedMetrics } from './dashboards.ts';
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
      // `unavailable`: the node leads to a pod a moment after that is ready.
      const isNotReady = (error: unknown): undefined => {
        if (!(error instanceof Problem) || (error.code !== 'invalid-state' && error.code !== 'unavailable')) throw error;
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
      // Its pod is ready; the node leads to it a moment later.
      const live = await waitFor(() => site.request('/livez').catch(() => undefined));
      expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
      expect((await site.request('/api/catalog/v1/tenants/demo/datasets')).status).toBe(401);

      const catalog = await site.client(catalogRoutes, admin);
      const upload = await catalog.createUpload({ params: demo, body: { dataset: 'kept', files: [{ name: 'kept.csv', sizeBytes: Buffer.byteLength(text) }] } });
      const part = await site.request(`/api/catalog/v1/tenants/demo/uploads/${upload.id}/files/0?offset=0`, { actor: admin, method: 'PUT', body: Buffer.from(text) });
      expect(part.status).toBe(200);
      await catalog.completeUpload({ params: { ...demo, upload: upload.id } });
      await isKept();
      expect(await readdir(join(site.dataFolder, 'tenants'))).toContain('demo');
    });

    test('an upgrade copies the database first, keeps what was there, and speaks to the cluster with the rights of its own account', async () => {
      await helm.run(['upgrade', ...release, chartFolder, '--values', site.values, ...patient]);
      await isKept();
      const copies = await readdir(join(site.dataFolder, 'backups'));
      expect(copies).toEqual([expect.stringMatching(/^before-upgrade-.*\.dump$/)]);
      expect((await stat(join(site.dataFolder, 'backups', copies[0] ?? ''))).size).toBeGreaterThan(10_000);
      // The platform makes the place of its tenant with these rights, and no others.
      await waitFor(async () => (await cluster().tryKubectl(['get', 'queue', 'chart-demo', '-o', 'name'])).code === 0, 90_000);
      const account = `system:serviceaccount:${namespace}:stratalab`;
      const may = async (verb: string, resource: string, where: readonly string[]): Promise<boolean> =>
        (await cluster().tryKubectl(['auth', 'can-i', verb, resource, '--as', account, ...where])).output.trim() === 'yes';
      expect(await may('create', 'queues.scheduling.volcano.sh', [])).toBe(true);
      expect(await may('list', 'secrets', ['--all-namespaces'])).toBe(false);
      expect(await may('create', 'pods', ['-n', 'kube-system'])).toBe(false);
    });

    test('the metrics of the running platform are those the dashboards ask for', async () => {
      const address = await cluster().kubectl(['-n', namespace, 'get', 'pods', '-l', 'app.kubernetes.io/component=platform', '-o', 'jsonpath={.items[0].status.podIP}']);
      const exported = exportedMetrics(await (await fetch(`http://${address}:8004/metrics`)).text());
      expect([...(await dashboardMetrics()).keys()].filter(metric => !exported.has(metric))).toEqual([]);
    });

    test('an upgrade over a database of a newer version changes nothing', async () => {
      await site.database.query("insert into public.stratalab_migration (service, file, digest) values ('control', '9999-newer.sql', '')");
      const { code, errors } = await helm.try(['upgrade', ...release, chartFolder, '--values', site.values, '--set', 'drainSeconds=6', ...patient]);
      expect([code === 0, errors]).toEqual([false, expect.stringContaining('pre-upgrade')]);
      await site.database.query("delete from public.stratalab_migration where file = '9999-newer.sql'");
      const drain = '.spec.template.spec.containers[0].env[?(@.name=="STRATALAB_SHUTDOWN_SECONDS")].value';
      expect(await cluster().kubectl(['-n', namespace, 'get', 'deployment', 'stratalab-platform', '-o', `jsonpath={${drain}}`])).toBe('5');
      await isKept();
    });

    test('a rollback brings the previous version back, with the data of now', async () => {
      await helm.run(['rollback', 'stratalab', '1', '--namespace', namespace, ...patient]);
      const version = String.raw`jsonpath={.metadata.labels.helm\.sh/chart}`;
      expect(await cluster().kubectl(['-n', namespace, 'get', 'deployment', 'stratalab-platform', '-o', version])).toBe('stratalab-0.1.0');
      await isKept();
    });

    test('the same installation goes on with every service in a pod of its own, behind the gateway', async () => {
      await helm.run(['upgrade', ...release, chartFolder, '--values', site.values, '--set', 'services.layout=apart', ...patient]);
      expect(await cluster().kubectl(['-n', namespace, 'get', 'deployments', '-o', 'jsonpath={.items[*].status.readyReplicas}'])).toBe('1 1 1 1 1 1 1 1');
      await isKept();
      expect((await site.request('/api/nothing/v1')).status).toBe(404);
    });

    test('removing it ends every pod and leaves the data', async () => {
      await helm.run(['uninstall', ...release, '--wait', '--timeout', '180s']);
      expect(await cluster().kubectl(['-n', namespace, 'get', 'deployments,services,networkpolicies,jobs', '-o', 'name'])).toBe('');
      expect(await cluster().kubectl(['-n', namespace, 'get', 'persistentvolumeclaim', 'stratalab-data', '-o', 'jsonpath={.status.phase}'])).toBe('Bound');
      expect(await site.database.query("select count(*) > 0 from public.stratalab_migration where service = 'catalog'")).toBe('t');
      expect(await readdir(join(site.dataFolder, 'tenants/demo/objects'))).not.toEqual([]);
    });
  });
}
