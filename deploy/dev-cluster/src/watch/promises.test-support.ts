import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { KubeConfig } from '@kubernetes/client-node';
import { createClusterWatch, type ChangeOfKind, type ClusterWatch } from '@stratalab/cluster-watch';
import { computeRoutes } from '@stratalab/contracts/compute';
import { controlRoutes } from '@stratalab/contracts/control';
import { createClusterClient, jobKinds, marks, quantity } from '@stratalab/job-runtime-kubernetes';
import { createLogger, createMetrics } from '@stratalab/kernel';
import { createTestHost, testActor, waitFor, type TestHost } from '@stratalab/tooling';
import type { Cluster } from '../cluster.ts';
import { makePlace, plainSite } from '../tenancy/plain-place.ts';
import { up } from '../up.ts';
import { clusterServices, simulatedSite, watchedRuntime } from './cluster-services.ts';
import { createCutProxy, type CutProxy } from './cut-proxy.test-support.ts';
import { doubledJobs, leftovers, lostJobs, mostCores, type EndedJob, type Sighting } from './promises.ts';
import { killApiServer } from './real-faults.test-support.ts';

const program = fileURLToPath(new URL('./platform-process.ts', import.meta.url));
const demo = { tenant: 'demo' } as const;
const ann = testActor({ subject: 'ann', tenants: { demo: 'editor' } });
const namespace = 'tenant-demo';
/** What the queue lets in; each job takes one core. */
const queueCores = 4;
const jobCount = 12;

/**
 * Gangs on simulated nodes while everything that can die does: the platform between its steps, the API server amid the work, the connection to it again and again.
 * An observer with a connection of its own writes down what really happened.
 */
export function describePromises(cluster: () => Cluster, dataFolder: () => string): void {
  describe('promises under kills', () => {
    let host: TestHost;
    let proxy: CutProxy;
    let observer: ClusterWatch;
    let observing: Promise<void>;
    const stop = new AbortController();
    const sightings: Sighting[] = [];
    const children: ChildProcess[] = [];

    beforeAll(async () => {
      const kubeConfig = new KubeConfig();
      kubeConfig.loadFromFile(cluster().kubeconfig);
      const limits = { cpu: queueCores, memoryMiB: 65_536, gpu: 2, jobs: 5, workspaces: 0 };
      await makePlace(createClusterClient(kubeConfig), plainSite(dataFolder(), { podSecurity: 'privileged' }), 'demo', limits);
      proxy = await createCutProxy({ host: cluster().address, port: cluster().ports.api });
      const parts = { logger: createLogger({ level: 'silent', service: 'test' }), metrics: createMetrics() };
      observer = createClusterWatch({ kubeConfig, kinds: jobKinds(), ...parts });
      observer.onChange(change => sightings.push(...sightingOf(change)));
      observing = observer.run(stop.signal);
      host = await createTestHost({ services: clusterServices(dataFolder(), watchedRuntime({ kubeConfig, site: simulatedSite(dataFolder()), ...parts }).runtime) });
    });
    afterAll(async () => {
      for (const child of children) await kill(child);
      stop.abort();
      await observing;
      await host.close();
      await proxy.close();
    });

    const start = async (): Promise<ChildProcess> => {
      const args = [host.databaseUrl, dataFolder(), host.internalKey.toString('base64url'), cluster().kubeconfig, `https://127.0.0.1:${proxy.port}`];
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      await once(child.stdout, 'data');
      return child;
    };
    const jobs = () => host.clientFor(computeRoutes, ann);
    const submit = async (name: string): Promise<string> => {
      const resources = { processes: 2, resourcesPerProcess: { cpu: 0.5, memoryMiB: 64, gpu: 0 } };
      return (await jobs().submitJob({ params: demo, body: { name, code: { kind: 'script', text: 'pass' }, ...resources } })).id;
    };
    const read = async (): Promise<readonly EndedJob[]> => (await jobs().listJobs({ params: demo, query: { limit: 100 } })).items;
    const states = async (): Promise<string> => (await read()).map(({ state }) => state).join();
    const isOver = async (): Promise<boolean> => !/queued|starting|running/.test(await states());

    test('P1 P2 P5 P8 F03 F04 F05 F22: nothing is lost, nothing runs twice, no quota is exceeded, everything ends and nothing is left', async () => {
      const acknowledged = await Promise.all(Array.from({ length: jobCount }, (_unused, index) => submit(`job-${index}`)));
      const faults = [
        // The platform dies, wherever it is, after its next visible step.
        async (child: ChildProcess) => kill(child),
        async () => proxy.cutOnce(),
        async (child: ChildProcess) => {
          await killApiServer(cluster());
          await kill(child);
          await up(cluster(), () => undefined);
        },
        async () => proxy.cutOnce(),
        async (child: ChildProcess) => kill(child)
      ];
      let child = await start();
      for (const fault of faults) {
        const before = await states();
        await waitFor(async () => (await states()) !== before || (await isOver()), 30_000).catch(() => undefined);
        await fault(child);
        if (child.exitCode !== null || child.signalCode !== null) child = await start();
        // Two platforms at once, for a while: the one that was killed last may not be the only one.
        if (fault === faults[2]) await start();
      }
      await waitFor(isOver, 120_000);
      const ended = await read();
      expect(ended.map(({ state, attempt }) => [state, attempt])).toEqual(Array.from({ length: jobCount }, () => ['succeeded', 1]));
      expect(lostJobs(acknowledged, ended)).toEqual([]);
      const podsSeen = (): number => new Set(sightings.flatMap(({ kind, uid }) => (kind === 'pod' ? [uid] : []))).size;
      // The observer may hear of them later than the platform did.
      await waitFor(() => observer.view('volcano-jobs').isFresh && podsSeen() >= 2 * jobCount).catch(() => undefined);
      expect(doubledJobs(sightings, ended)).toEqual([]);
      expect(podsSeen()).toBe(2 * jobCount);
      expect(mostCores(sightings)).toBeGreaterThan(0);
      expect(mostCores(sightings)).toBeLessThanOrEqual(queueCores);
      await waitFor(async () => leftovers(await found()).length === 0 || undefined, 60_000).catch(() => undefined);
      expect(leftovers(await found())).toEqual([]);
    });

    test('in steady state the platform lists nothing', async () => {
      const kubeConfig = new KubeConfig();
      kubeConfig.loadFromFile(cluster().kubeconfig);
      const own = new AbortController();
      const { watch, runtime } = watchedRuntime({
        kubeConfig,
        site: simulatedSite(dataFolder()),
        logger: createLogger({ level: 'silent', service: 'test' }),
        metrics: createMetrics()
      });
      const watching = watch.run(own.signal);
      await waitFor(() => jobKinds().every(({ name }) => watch.view(name).isFresh) || undefined, 30_000);
      const [job] = await read();
      const attempt = { tenant: 'demo', jobId: job?.id ?? '', attempt: 1 };
      for (let look = 0; look < 50; look += 1) expect((await runtime.observe(attempt)).phase).toBe('ended');
      expect(Object.values(watch.counters()).map(({ lists, relists, missed }) => [lists, relists, missed])).toEqual(jobKinds().map(() => [1, 0, 0]));
      own.abort();
      await watching;
    });

    const found = async () => {
      const get = async (what: string): Promise<readonly string[]> =>
        (await cluster().kubectl(['-n', namespace, 'get', what, '-o', 'name'])).split('\n').filter(line => line !== '');
      const { items } = await host.clientFor(controlRoutes, ann).getQuotas({ params: demo });
      const leases = await host.database.asSystem('look for leases', tx =>
        tx.selectFrom('kernel.reconcile_item').select(['kind', 'object_id']).where('kind', '=', 'job').where('lease_owner', 'is not', null).execute()
      );
      return {
        secrets: (await get('secrets')).filter(name => name.includes('job-')),
        commands: await get('commands.bus.volcano.sh'),
        activePods: [...observer.view('pods').all()].flatMap(pod => (['Succeeded', 'Failed'].includes(phaseOf(pod)) ? [] : [pod.metadata.name])),
        reserved: items.filter(({ resource }) => resource === 'cpu' || resource === 'jobs').reduce((sum, item) => sum + item.used + item.reserved, 0),
        leases: leases.map(({ kind, object_id }) => `${kind} ${object_id}`)
      };
    };
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await pause(0);
}

function sightingOf({ kind, type, object }: ChangeOfKind): readonly Sighting[] {
  const { name, uid, labels, resourceVersion } = object.metadata;
  const jobId = labels?.[marks.job];
  if (jobId === undefined || (kind.name !== 'pods' && kind.name !== 'volcano-jobs')) return [];
  const requests = unsafeFields(object).spec?.containers?.[0]?.resources?.requests ?? {};
  return [{ kind: kind.name === 'pods' ? 'pod' : 'gang', type, jobId, uid, name, version: Number(resourceVersion), phase: phaseOf(object), cpu: quantity(requests['cpu']) }];
}

function phaseOf(object: object): string {
  const { status } = unsafeFields(object);
  return status?.phase ?? status?.state?.phase ?? '';
}

interface Fields {
  readonly spec?: { readonly containers?: readonly { readonly resources?: { readonly requests?: Readonly<Record<string, string>> } }[] };
  readonly status?: { readonly phase?: string; readonly state?: { readonly phase?: string } };
}

function unsafeFields(object: object): Fields {
  return object as Fields;
}
