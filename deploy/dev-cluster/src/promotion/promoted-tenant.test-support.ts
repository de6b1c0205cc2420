import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient, createHttpTransport, type Client } from '@stratalab/client';
import type { RouteTable } from '@stratalab/contracts';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { computeRoutes } from '@stratalab/contracts/compute';
import { createInternalToken } from '@stratalab/kernel';
import { createTestDatabase, testActor, type TestDatabase } from '@stratalab/tooling';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFakeHub, type FakeHub } from '../../../../services/platform/src/testing/fake-hub.test-support.ts';
import { startPlatformProcess, type PlatformProcess } from '../../../../services/platform/src/testing/platform-process.test-support.ts';
import { writePlatformSettings, type PlatformSettings } from '../../../../services/platform/src/testing/platform-settings.test-support.ts';
import { until, type Cluster } from '../cluster.ts';
import { freePorts } from '@stratalab/tooling/free-ports';
import { runProgram } from '../run-program.ts';
import { hostAddress } from '../settings.ts';

const cli = fileURLToPath(new URL('../../../../services/platform/src/cli.ts', import.meta.url));
const services = 'control,catalog,compute';
const demo = { tenant: 'demo' } as const;
const admin = testActor({ subject: 'admin', tenants: { demo: 'admin' } });
const namespace = 'tenant-demo';
const adminToken = 'an-administrator-of-the-cluster-install';

interface Side {
  readonly data: string;
  readonly settings: PlatformSettings;
  readonly database: TestDatabase;
  readonly port: number;
  process: PlatformProcess | undefined;
}

const code = `import csv, glob, os
[path] = glob.glob("datasets/trees@*/*")
rows = list(csv.DictReader(open(path)))
with open(os.path.join(os.environ["STRATALAB_OUTPUTS"], "heights", "heights.csv"), "w") as out:
    out.write("name,height\\n")
    for row in rows: out.write(f"{row['name']},{int(row['height']) * 2}\\n")
print("tallest", max(int(row["height"]) for row in rows))
`;

/** Done when: the demo tenant of a laptop moves to an installation whose jobs are pods, every link opens there, and a promoted job runs again. */
export function describePromotedTenant(cluster: () => Cluster): void {
  describe('promotion from a laptop to this cluster', () => {
    let hub: FakeHub;
    let laptop: Side;
    let install: Side;

    const newSide = async (port: number): Promise<Side> => {
      const data = await realpath(await mkdtemp(join(tmpdir(), 'stratalab-promoted-')));
      return { data, settings: await writePlatformSettings(data), database: await createTestDatabase(), port, process: undefined };
    };
    const start = async (side: Side, more: Readonly<Record<string, string>> = {}): Promise<void> => {
      const environment = { ...side.settings.environment, DATABASE_URL: side.database.url, JUPYTERHUB_API_URL: hub.apiUrl, STRATALAB_SERVICES: services };
      side.process = await startPlatformProcess({ ...environment, ...more }, side.port);
    };
    const client = <Table extends RouteTable>(side: Side, table: Table): Client<Table> =>
      createClient(
        table,
        createHttpTransport({
          baseUrl: `http://127.0.0.1:${side.port}`,
          headers: () => ({ authorization: `Bearer ${createInternalToken(admin, side.settings.internalKey, new Date())}` })
        })
      );
    const finished = async (side: Side, job: string): Promise<void> =>
      until('The job', async () => (await client(side, computeRoutes).getJob({ params: { ...demo, job } })).finishedAt !== null, 90_000);

    beforeAll(async () => {
      hub = await startFakeHub('127.0.0.1', adminToken);
      const port = await freePorts();
      [laptop, install] = [await newSide(port), await newSide(port + 5)];
      await writeFile(join(laptop.data, 'version'), '1\n');
      await mkdir(join(laptop.data, 'hub'));
      await Promise.all([start(laptop), start(install, clusterSettings(install.data))]);
    });
    afterAll(async () => {
      for (const side of [laptop, install]) {
        await side.process?.stop();
        await side.database.drop();
        await rm(side.data, { recursive: true, force: true });
      }
      await hub.stop();
    });

    const clusterSettings = (data: string): Readonly<Record<string, string>> => ({
      STRATALAB_SAMPLE_TENANT: 'false',
      STRATALAB_JOB_RUNTIME: 'kubernetes',
      KUBECONFIG: cluster().kubeconfig,
      STRATALAB_JOB_IMAGE: 'localhost/hostusr:1',
      STRATALAB_JOB_POD:
        '{"nodeSelector":{"real":"true"},"volumes":[{"name":"usr","hostPath":{"path":"/usr"}}],"volumeMounts":[{"name":"usr","mountPath":"/usr","readOnly":true}]}',
      STRATALAB_JOB_USER_ID: '0',
      STRATALAB_JOB_GROUP_ID: '0',
      STRATALAB_CLUSTER_POD_SECURITY: 'privileged',
      STRATALAB_JOB_LISTEN: `${hostAddress}:${install.port + 1}`,
      STRATALAB_DATA: data
    });

    test('every link opens there, and a job of the laptop runs again as a gang of pods on the promoted data', async () => {
      const data = client(laptop, catalogRoutes);
      const bytes = 'name,height\noak,20\nbirch,12\n';
      const upload = await data.createUpload({ params: demo, body: { dataset: 'trees', files: [{ name: 'trees.csv', sizeBytes: bytes.length }] } });
      const credential = createInternalToken(admin, laptop.settings.internalKey, new Date());
      await fetch(`http://127.0.0.1:${laptop.port}/api/catalog/v1/tenants/demo/uploads/${upload.id}/files/0?offset=0`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/octet-stream' },
        body: bytes
      });
      await data.completeUpload({ params: { ...demo, upload: upload.id } });
      const isReady = async (side: Side, dataset: string, version: string): Promise<boolean> =>
        client(side, catalogRoutes)
          .getVersion({ params: { ...demo, dataset, version } })
          .then(
            ({ state }) => state === 'ready',
            () => false
          );
      await until('The dataset', () => isReady(laptop, 'trees', '1'), 60_000);
      const body = {
        name: 'heights',
        code: { kind: 'script', text: code },
        datasets: [{ name: 'trees' }],
        outputs: [{ name: 'heights', kind: 'dataset', as: 'heights' }]
      } as const;
      const { id: job } = await client(laptop, computeRoutes).submitJob({ params: demo, body: { ...body, datasets: [...body.datasets], outputs: [...body.outputs] } });
      await finished(laptop, job);
      await until('The output', () => isReady(laptop, 'heights', '1'), 60_000);
      const lineage = (side: Side) => client(side, catalogRoutes).getLineage({ params: demo, query: { urn: 'urn:strata:demo:dataset:heights@1', direction: 'up', depth: 3 } });
      const looks = async (side: Side): Promise<unknown> => ({
        job: await client(side, computeRoutes).getJob({ params: { ...demo, job } }),
        log: await client(side, computeRoutes).getJobLog({ params: { ...demo, job } }),
        rows: await client(side, catalogRoutes).previewVersion({ params: { ...demo, dataset: 'heights', version: '1' } }),
        lineage: await lineage(side)
      });
      // Where things come from is written down a moment after they are there.
      await until('The lineage', async () => JSON.stringify(await lineage(laptop)).includes('urn:strata:demo:dataset:trees@1'), 60_000);
      const before = await looks(laptop);
      expect(before).toMatchObject({ job: { state: 'succeeded' } });
      await laptop.process?.stop();
      laptop.process = undefined;

      const out = await runProgram(process.execPath, ['--disable-warning=ExperimentalWarning', cli, 'promote', '--to', `http://127.0.0.1:${install.port}`], {
        environment: { STRATALAB_DATA: laptop.data, DATABASE_URL: laptop.database.url, STRATALAB_PROMOTE_TOKEN: adminToken, HOME: laptop.data }
      });
      expect(out).toMatch(/demo is at .* links opened there/);
      expect(await looks(install)).toEqual(before);

      const again = await client(install, computeRoutes).retryJob({ params: { ...demo, job } });
      await finished(install, again.id);
      const gangs = await cluster().kubectl(['-n', namespace, 'get', 'jobs.batch.volcano.sh', '-l', `stratalab/job=${again.id}`, '-o', 'name']);
      expect(gangs).toContain('job.batch.volcano.sh/');
      expect(await client(install, computeRoutes).getJob({ params: { ...demo, job: again.id } })).toMatchObject({ state: 'succeeded', reason: null });
      await until('The output there', () => isReady(install, 'heights', '2'), 60_000);
    });
  });
}
