import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAll } from '../binaries/build.ts';
import { describeChartInstall } from '../chart/chart-install.test-support.ts';
import { describeIncludedHub } from '../chart/included-hub.test-support.ts';
import { openCluster, until, type Cluster } from '../cluster.ts';
import { describeDoctorOnRealNode } from '../doctor/doctor.test-support.ts';
import { freePorts } from '@stratalab/tooling/free-ports';
import { describePromotedTenant } from '../promotion/promoted-tenant.test-support.ts';
import { runProgram } from '../run-program.ts';
import { clusterRoot, readSettings } from '../settings.ts';
import { down, up } from '../up.ts';
import { alone } from '../tenancy/clear-tenants.test-support.ts';
import { describeHubOnCluster } from '../workspaces/hub-on-cluster.test-support.ts';
import { describeKubernetesJobs } from './kubernetes-jobs.test-support.ts';
import { describeRayJobs } from './ray-jobs.test-support.ts';
import { whyNoRealNode } from './requirements.ts';

const silent = (): void => undefined;
const reason = await whyNoRealNode();
const isGate = process.env['CI'] === 'true';

test('a real node can run here', () => {
  // Elsewhere the reason is told and the rest left out; the gate must run it.
  if (reason !== undefined) process.stderr.write(`Tier 3 is left out: ${reason}\n`);
  if (isGate) expect(reason).toBeUndefined();
});

/** What a node could leave behind on this machine. */
async function machine(): Promise<Readonly<Record<string, unknown>>> {
  const read = (name: string): Promise<string> => readFile(join('/proc/sys', name), 'utf8');
  const controllers = await readdir('/sys/fs/cgroup');
  return {
    links: (await runProgram('ip', ['-o', 'link'])).split('\n').map(line => line.split(' ')[1]),
    routes: await runProgram('ip', ['route']),
    namespaces: await runProgram('ip', ['netns', 'list']),
    mounts: (await readFile('/proc/self/mounts', 'utf8')).split('\n').length,
    settings: await Promise.all(['vm/overcommit_memory', 'kernel/panic', 'kernel/panic_on_oops'].map(read)),
    cgroups: controllers.filter(name => existsSync(join('/sys/fs/cgroup', name, 'kubepods')))
  };
}

const whenPossible = reason === undefined ? describe : describe.skip;
whenPossible('a real node', () => {
  let cluster: Cluster;
  let state = '';
  let before: Readonly<Record<string, unknown>> = {};

  beforeAll(async () => {
    before = await machine();
    state = await mkdtemp(join(tmpdir(), 'stratalab-node-'));
    cluster = openCluster({ ...readSettings(), state: join(state, 'cluster'), port: await freePorts() }, 't3');
    await buildAll(cluster.settings, silent);
    await up(cluster, silent);
    await cluster.kubectl(['create', 'namespace', 'tenant-a']);
    await cluster.kubectl(['create', '-f', join(clusterRoot, 'examples/queues.yaml')]);
  }, 600_000);

  afterAll(async () => {
    await down(cluster, silent);
    await rm(state, { recursive: true, force: true });
    expect(await machine()).toEqual(before);
  });

  test('two real processes of a gang find each other by name, exchange data and finish', async () => {
    await cluster.kubectl(['create', '-f', join(clusterRoot, 'examples/real-gang-python.yaml')]);
    const phase = (): Promise<string> => cluster.kubectl(['-n', 'tenant-a', 'get', 'vcjob', 'pytalk', '-o', 'jsonpath={.status.state.phase}']);
    await until('The gang completing', async () => (await phase()) === 'Completed', 90_000);
    expect(await cluster.kubectl(['-n', 'tenant-a', 'logs', 'pytalk-worker-0'])).toContain("got b'rank1 hello'");
    expect(await cluster.kubectl(['-n', 'tenant-a', 'logs', 'pytalk-worker-1'])).toContain("b'ack'");
  });

  test('a pod that uses more memory than it may is stopped, and says so', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'greedy', namespace: 'tenant-a' },
      spec: {
        restartPolicy: 'Never',
        nodeSelector: { real: 'true' },
        volumes: [{ name: 'usr', hostPath: { path: '/usr' } }],
        containers: [
          {
            name: 'main',
            image: 'localhost/hostusr:1',
            command: ['/usr/bin/python3', '-c', 'text = "x" * 200_000_000'],
            resources: { limits: { memory: '64Mi', cpu: '500m' } },
            volumeMounts: [{ name: 'usr', mountPath: '/usr', readOnly: true }]
          }
        ]
      }
    };
    await cluster.kubectl(['create', '-f', '-'], JSON.stringify(pod));
    const why = (): Promise<string> => cluster.kubectl(['-n', 'tenant-a', 'get', 'pod', 'greedy', '-o', 'jsonpath={.status.containerStatuses[0].state.terminated.reason}']);
    await until('The end of the pod', async () => (await why()) !== '', 60_000);
    expect(await why()).toBe('OOMKilled');
  });

  describeDoctorOnRealNode(() => cluster);

  const data = (): string => join(state, 'data');
  const folder = (): string => state;
  const theCluster = (): Cluster => cluster;
  alone(theCluster, () => {
    describeKubernetesJobs(theCluster, data);
    describeRayJobs(theCluster, data);
  });
  alone(theCluster, () => describePromotedTenant(theCluster));
  alone(theCluster, () => describeHubOnCluster(theCluster, folder));
  alone(theCluster, () => describeChartInstall(theCluster, folder));
  alone(theCluster, () => describeIncludedHub(theCluster, folder));
});
