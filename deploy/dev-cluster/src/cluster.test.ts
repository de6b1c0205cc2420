import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAll } from './binaries/build.ts';
import { describeChartObjects } from './chart/chart-objects.test-support.ts';
import { openCluster, until, type Cluster } from './cluster.ts';
import { describeDoctor, describeDoctorWithoutResources } from './doctor/doctor.test-support.ts';
import { describeGangs } from './gangs.test-support.ts';
import { describeGeneratedObjects } from './generated-objects.test-support.ts';
import { childrenOf, type ProcessState } from './processes/processes.ts';
import { freePorts } from '@stratalab/tooling/free-ports';
import { clusterRoot, readSettings } from './settings.ts';
import { describeSimulator } from './simulate/simulator.test-support.ts';
import { describeBucket } from './tiers/bucket.test-support.ts';
import { describeObjectStore } from './tiers/object-store.test-support.ts';
import { alone } from './tenancy/clear-tenants.test-support.ts';
import { describeIsolation } from './tenancy/isolation.test-support.ts';
import { describeSharedPool } from './tenancy/shared-pool.test-support.ts';
import { describeTenancy } from './tenancy/tenancy.test-support.ts';
import { down, up } from './up.ts';
import { describePromises } from './watch/promises.test-support.ts';
import { describeWatchFaults } from './watch/real-faults.test-support.ts';
import { describeWaitingJobs } from './waiting-jobs.test-support.ts';
import { describeWorkspacePods } from './workspaces/workspace-pods.test-support.ts';

const silent = (): void => undefined;
const examples = join(clusterRoot, 'examples');
const example = (name: string): string => join(examples, `${name}.yaml`);

describe('a real cluster of tier 2', () => {
  let cluster: Cluster;
  let state = '';
  const phase = (name: string): Promise<string> => cluster.kubectl(['-n', 'tenant-a', 'get', 'vcjob', name, '-o', 'jsonpath={.status.state.phase}']);

  beforeAll(async () => {
    state = await mkdtemp(join(tmpdir(), 'stratalab-cluster-'));
    cluster = openCluster({ ...readSettings(), state: join(state, 'cluster'), port: await freePorts() }, 't2');
    await buildAll(cluster.settings, silent);
    await up(cluster, silent);
    await cluster.kubectl(['create', 'namespace', 'tenant-a']);
    await cluster.kubectl(['create', '-f', example('queues')]);
  }, 600_000);

  afterAll(async () => {
    await down(cluster, silent);
    expect(await cluster.processes.list()).toEqual([]);
    await rm(state, { recursive: true, force: true });
  });

  test('every example passes a strict dry-run on the server', async () => {
    for (const name of await readdir(examples)) {
      if (name === 'queues.yaml') continue;
      const { code, errors } = await cluster.tryKubectl(['create', '--dry-run=server', '--validate=strict', '-f', join(examples, name)]);
      expect({ name, code, errors }).toEqual({ name, code: 0, errors: '' });
    }
  });

  describeGeneratedObjects(() => cluster);

  describeDoctor(() => cluster);

  test('a misspelled field is refused by its name', async () => {
    const misspelled = (await readFile(example('gang-job'), 'utf8')).replaceAll('minAvailable', 'minAvailabel');
    const { code, errors } = await cluster.tryKubectl(['create', '--dry-run=server', '--validate=strict', '-f', '-'], misspelled);
    expect(code).not.toBe(0);
    expect(errors).toContain('unknown field "spec.minAvailabel"');
  });

  test('a gang of two starts together on simulated GPU nodes and completes', async () => {
    await cluster.kubectl(['create', '-f', example('gang-job')]);
    await until('The gang completing', async () => (await phase('gang-ok')) === 'Completed', 60_000);
  });

  test('a gang larger than its queue waits without a pod, and an event says which resource', async () => {
    await cluster.kubectl(['create', '-f', example('gang-job-too-big')]);
    const reason = (): Promise<string> => cluster.kubectl(['-n', 'tenant-a', 'get', 'events', '--field-selector', 'reason=Unschedulable', '-o', 'jsonpath={.items[*].message}']);
    await until('The reason of the wait', async () => (await reason()).includes('insufficient nvidia.com/gpu'), 60_000);
    expect(await phase('gang-big')).toBe('Pending');
    expect(await cluster.kubectl(['-n', 'tenant-a', 'get', 'pods', '-l', 'volcano.sh/job-name=gang-big', '-o', 'name'])).toBe('');
  });

  test('a Ray cluster becomes ready as a gang of three', async () => {
    await cluster.kubectl(['create', '-f', example('ray-cluster')]);
    const state = (): Promise<string> => cluster.kubectl(['-n', 'tenant-a', 'get', 'raycluster', 'ray-a', '-o', 'jsonpath={.status.state}']);
    await until('The Ray cluster becoming ready', async () => (await state()) === 'ready', 60_000);
    expect(await cluster.kubectl(['-n', 'tenant-a', 'get', 'podgroup', 'ray-ray-a-pg', '-o', 'jsonpath={.spec.minMember}'])).toBe('3');
    await cluster.kubectl(['-n', 'tenant-a', 'delete', 'raycluster', 'ray-a']);
    const pods = (): Promise<string> => cluster.kubectl(['-n', 'tenant-a', 'get', 'pods', '-l', 'ray.io/cluster=ray-a', '-o', 'name']);
    await until('The end of its pods', async () => (await pods()) === '', 60_000);
  });

  describeObjectStore(() => cluster);
  describeBucket(() => cluster);
  describeSimulator(() => cluster);
  describeWaitingJobs(() => cluster);
  describeGangs(() => cluster);

  describeChartObjects(
    () => cluster,
    () => state
  );

  alone(
    () => cluster,
    () => {
      describeTenancy(() => cluster);
      describeIsolation(() => cluster);
    }
  );

  describeSharedPool(() => cluster);

  describeWatchFaults(() => cluster);

  describePromises(
    () => cluster,
    () => join(state, 'data')
  );

  test('a second start changes nothing, and one after a crash brings back only what died', async () => {
    const before = await cluster.processes.list();
    await up(cluster, silent);
    expect(await cluster.processes.list()).toEqual(before);

    const victim = before.find(({ name }) => name === 'vc-scheduler');
    if (victim === undefined) throw new Error('The scheduler is not among the processes.');
    process.kill(victim.pid, 'SIGKILL');
    await until('The end of the scheduler', async () => (await cluster.processes.list()).some(({ name, isRunning }) => name === 'vc-scheduler' && !isRunning), 10_000);
    await up(cluster, silent);
    const after = await cluster.processes.list();
    expect(after.every(({ isRunning }) => isRunning)).toBe(true);
    expect(after.filter(({ name, pid }) => before.find(known => known.name === name)?.pid !== pid).map(({ name }) => name)).toEqual(['vc-scheduler']);
  });

  test('a program that ends by itself is started again, and the status says so', async () => {
    const scheduler = async (): Promise<ProcessState> => {
      const found = (await cluster.processes.list()).find(({ name }) => name === 'vc-scheduler');
      if (found === undefined) throw new Error('The scheduler is not among the processes.');
      return found;
    };
    const before = await scheduler();
    const [program] = await childrenOf(before.pid);
    if (program === undefined) throw new Error('The scheduler is not kept.');
    process.kill(program.pid, 'SIGABRT');
    await until(
      'The second start',
      async () => (await scheduler()).ends.length > before.ends.length && (await childrenOf(before.pid)).some(({ pid }) => pid !== program.pid),
      10_000
    );
    expect(await scheduler()).toMatchObject({ pid: before.pid, isRunning: true });
    await cluster.kubectl(['-n', 'tenant-a', 'delete', 'vcjob', 'gang-ok', '--ignore-not-found']);
    await cluster.kubectl(['create', '-f', example('gang-job')]);
    await until('A gang completing with it', async () => (await phase('gang-ok')) === 'Completed', 60_000);
  });

  test('a start on another port is refused: the certificates hold the address', async () => {
    const elsewhere = openCluster({ ...cluster.settings, port: cluster.settings.port + 10 }, 't2');
    await expect(up(elsewhere, silent)).rejects.toThrow(/listens on port/);
  });

  // Last, because it fills the cluster.
  describeWorkspacePods(() => cluster);
});

describeDoctorWithoutResources();
