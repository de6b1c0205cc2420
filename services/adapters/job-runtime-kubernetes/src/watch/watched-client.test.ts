import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClusterWatch, type ClusterWatch } from '@stratalab/cluster-watch';
import { startFakeApiServer, type FakeApiServer } from '@stratalab/cluster-watch/testing/fake-api-server';
import { createLogger, createMetrics, newId, type JobAttempt, type JobRuntime, type JobStart } from '@stratalab/kernel';
import { waitFor } from '@stratalab/tooling';
import { createClusterClient } from '../cluster-client.ts';
import { createKubernetesJobRuntime } from '../kubernetes-job-runtime.ts';
import { attemptName } from '../manifests/names.ts';
import { marks, type Site } from '../site.ts';
import { jobChanges } from './job-changes.ts';
import { createWatchedClient } from './watched-client.ts';
import { jobKinds } from './watched-kinds.ts';

const served = [
  ['v1', 'Pod', 'pods'],
  ['v1', 'Secret', 'secrets'],
  ['v1', 'Node', 'nodes'],
  ['batch.volcano.sh/v1alpha1', 'Job', 'jobs'],
  ['scheduling.volcano.sh/v1beta1', 'PodGroup', 'podgroups'],
  ['scheduling.volcano.sh/v1beta1', 'Queue', 'queues']
].map(([apiVersion = '', kind = '', plural = '']) => ({ apiVersion, kind, plural, isNamespaced: kind !== 'Queue' && kind !== 'Node' }));
const at = '2026-11-25T10:00:00Z';

describe('the runtime with a watch', () => {
  let server: FakeApiServer;
  let watch: ClusterWatch;
  let runtime: JobRuntime;
  let told: JobAttempt[];
  let dataFolder: string;
  let stop: AbortController;
  let running: Promise<void>;

  beforeEach(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-watched-'));
    const uid = process.getuid?.() ?? 0;
    const site: Site = {
      ...{ image: 'image', claimName: 'claim', dataFolder, user: { uid, gid: process.getgid?.() ?? 0 } },
      ...{ namespaceOf: (tenant: string) => `tenant-${tenant}`, queueOf: (tenant: string) => `tenant-${tenant}` }
    };
    server = await startFakeApiServer(served);
    server.put('queues', { metadata: { name: 'tenant-t' }, spec: {}, status: { state: 'Open' } });
    server.put('nodes', { metadata: { name: 'n' }, status: { allocatable: { cpu: '8', memory: '8Gi' }, conditions: [{ type: 'Ready', status: 'True' }] } });
    stop = new AbortController();
    told = [];
    watch = createClusterWatch({
      kubeConfig: server.kubeConfig,
      kinds: jobKinds(),
      logger: createLogger({ level: 'silent', service: 'test' }),
      metrics: createMetrics(),
      random: () => 0.1
    });
    runtime = createKubernetesJobRuntime(createWatchedClient(createClusterClient(server.kubeConfig), watch), site);
    jobChanges(watch, site)(attempts => told.push(...attempts), stop.signal);
    running = watch.run(stop.signal);
    await waitFor(() => server.openWatches === jobKinds().length || undefined);
  });
  afterEach(async () => {
    stop.abort();
    await running;
    await server.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  const start: JobStart = {
    ...{ tenant: 't', jobId: '', attempt: 1, launcher: 'python', processes: 1, gpuDevices: [], fileName: 'main.py', code: '' },
    ...{ perProcess: { cpu: 1, memoryMiB: 256, gpu: 0 }, arguments: [], environment: {}, token: 't', mounts: [], outputs: [] }
  };
  const newJob = (): JobStart => ({ ...start, jobId: newId() });
  const labels = (job: JobAttempt) => ({ [marks.managed]: 'true', [marks.tenant]: job.tenant, [marks.job]: job.jobId, [marks.attempt]: String(job.attempt) });
  const gang = (job: JobAttempt, phase: string) =>
    server.put('jobs', { metadata: { name: attemptName(job), namespace: 'tenant-t', labels: labels(job) }, status: { state: { phase, lastTransitionTime: at } } });
  const pod = (job: JobAttempt, phase: string, state: object) =>
    server.put('pods', {
      metadata: { name: `${attemptName(job)}-worker-0`, namespace: 'tenant-t', labels: labels(job) },
      status: { phase, containerStatuses: [{ name: 'main', state }] }
    });
  const asked = (): string[] => server.requests.filter(({ verb }) => verb === 'get' || verb === 'list').map(({ verb, plural }) => `${verb} ${plural}`);
  const gangsIn = (): number => server.objects.list('jobs').length;
  const knows = (job: JobAttempt, phase: string) =>
    waitFor(() => JSON.stringify(watch.view('volcano-jobs').get('tenant-t', attemptName(job))?.['status'])?.includes(phase) || undefined);

  test('in steady state no look at a job asks the cluster, from its start to its good end', async () => {
    const job = newJob();
    await runtime.start(job);
    await knows(job, '');
    gang(job, 'Running');
    pod(job, 'Running', { running: { startedAt: at } });
    await waitFor(async () => (await runtime.observe(job)).phase === 'running' || undefined);
    const before = asked().length;
    for (let look = 0; look < 20; look += 1) expect(await runtime.observe(job)).toEqual({ phase: 'running', startedAt: new Date(at).toISOString() });
    expect(await runtime.capacity()).toEqual({ cpu: 8, memoryMiB: 8_192, gpu: 0 });
    pod(job, 'Succeeded', { terminated: { exitCode: 0, startedAt: at, finishedAt: at } });
    // Two watches tell of them, and an end that is told before its pods is asked for.
    await waitFor(() => JSON.stringify(watch.view('pods').labelled(job.jobId)).includes('Succeeded') || undefined);
    gang(job, 'Completed');
    await waitFor(async () => (await runtime.observe(job)).phase === 'ended' || undefined);
    expect(asked().slice(before)).toEqual([]);
    expect(await runtime.observe(job)).toMatchObject({ end: 'exited', exitCode: 0, startedAt: new Date(at).toISOString() });
  });

  test('a job that was made a moment ago is never called absent, however far the watch is behind', async () => {
    const heal = server.breakBy(({ verb }) => (verb === 'watch' ? { mute: true } : undefined));
    server.endWatches();
    await waitFor(() => server.requests.filter(({ verb }) => verb === 'watch').length === 2 * jobKinds().length || undefined);
    const job = newJob();
    await runtime.start(job);
    expect(watch.view('volcano-jobs').get('tenant-t', attemptName(job))).toBeUndefined();
    expect((await runtime.observe(job)).phase).toBe('starting');
    await runtime.start(job);
    expect(gangsIn()).toBe(1);
    heal();
  });

  test('a gang whose pods were taken away and are gone is lost, not one that never started: it remembers that it ran', async () => {
    const job = newJob();
    await runtime.start(job);
    server.put('jobs', {
      metadata: { name: attemptName(job), namespace: 'tenant-t', labels: labels(job) },
      status: { state: { phase: 'Aborted', lastTransitionTime: at }, conditions: [{ status: 'Running', lastTransitionTime: at }] }
    });
    await knows(job, 'Aborted');
    expect(await runtime.observe(job)).toMatchObject({ phase: 'ended', end: 'lost', startedAt: new Date(at).toISOString() });
  });

  test('a gang that ended badly before its pods were told is asked how: the true exit code, not a guess', async () => {
    const job = newJob();
    await runtime.start(job);
    gang(job, 'Running');
    pod(job, 'Running', { running: { startedAt: at } });
    await waitFor(async () => (await runtime.observe(job)).phase === 'running' || undefined);
    // The pods' own watch falls behind; the cluster knows.
    const heal = server.breakBy(({ verb, plural }) => (verb === 'watch' && plural === 'pods' ? { mute: true } : undefined));
    server.endWatches();
    await waitFor(() => server.requests.filter(({ verb, plural }) => verb === 'watch' && plural === 'pods').length === 2 || undefined);
    pod(job, 'Failed', { terminated: { exitCode: 7, startedAt: at, finishedAt: at } });
    gang(job, 'Aborted');
    await knows(job, 'Aborted');
    expect(await runtime.observe(job)).toMatchObject({ phase: 'ended', end: 'exited', exitCode: 7 });
    heal();
  });

  test('F22 while nobody answers, a running job is neither lost nor ended: it cannot be looked at', async () => {
    const job = newJob();
    await runtime.start(job);
    gang(job, 'Running');
    pod(job, 'Running', { running: { startedAt: at } });
    await waitFor(async () => (await runtime.observe(job)).phase === 'running' || undefined);
    await server.stop();
    await waitFor(() => !watch.view('volcano-jobs').isFresh || undefined);
    await expect(runtime.observe(job)).rejects.toMatchObject({ code: 'unavailable' });
    await server.start();
    await waitFor(() => watch.view('volcano-jobs').isFresh || undefined);
    expect((await runtime.observe(job)).phase).toBe('running');
    expect(gangsIn()).toBe(1);
  });

  test.each([
    ['500 after the work was done', { status: 500, after: true }],
    ['no answer after the work was done', { cut: true, after: true }],
    ['429 before it', { status: 429, retryAfter: '1' }]
  ] as const)('F17 F19 P2 a create that gets %s: the next try meets what is there, and one gang exists', async (_name, fault) => {
    const job = newJob();
    const heal = server.breakBy(({ verb, plural }) => (verb === 'create' && plural === 'jobs' ? fault : undefined));
    await expect(runtime.start(job)).rejects.toMatchObject({ code: 'unavailable' });
    heal();
    await runtime.start(job);
    await runtime.start(job);
    expect([gangsIn(), (await runtime.observe(job)).phase]).toEqual([1, 'starting']);
  });

  test.each([
    ['a refusal by an admission webhook', { status: 403, reason: 'admission webhook "validatejob.volcano.sh" denied the request: no' }, 'denied the request'],
    ['a webhook that does not answer in time', { status: 500, reason: 'failed calling webhook: context deadline exceeded' }, 'failed calling webhook: context deadline exceeded']
  ])('F23 %s: the start says so, nothing is half there, and the next try works', async (_name, fault, text) => {
    const job = newJob();
    const heal = server.breakBy(({ verb, plural }) => (verb === 'create' && plural === 'jobs' ? fault : undefined));
    await expect(runtime.start(job)).rejects.toThrow(text);
    expect([gangsIn(), (await runtime.observe(job)).phase]).toEqual([0, 'absent']);
    heal();
    await runtime.start(job);
    expect([gangsIn(), (await runtime.observe(job)).phase]).toEqual([1, 'starting']);
  });

  test('F19 F27 what somebody deleted behind our back is absent once the cluster says so, and removing it again does no harm', async () => {
    const job = newJob();
    await runtime.start(job);
    await knows(job, '');
    server.objects.remove('jobs', 'tenant-t', attemptName(job));
    await waitFor(async () => (await runtime.observe(job)).phase === 'absent' || undefined);
    expect(await runtime.remove(job)).toBe(true);
    expect(await runtime.remove(job)).toBe(true);
  });

  test('changes of a gang, its pods and its PodGroup are told together, per attempt, and only when the namespace is that of the tenant', async () => {
    const [one, other] = [newJob(), newJob()];
    gang(one, 'Pending');
    gang(one, 'Running');
    pod(one, 'Running', { running: { startedAt: at } });
    server.put('podgroups', { metadata: { name: 'g', namespace: 'tenant-t', labels: labels(one) } });
    server.put('pods', { metadata: { name: 'claims-to-be', namespace: 'tenant-evil', labels: labels(other) } });
    server.put('pods', { metadata: { name: 'nonsense', namespace: 'tenant-t', labels: { ...labels(other), [marks.attempt]: '-1' } } });
    await waitFor(() => told.length > 0 || undefined);
    expect(told).toEqual([{ tenant: 't', jobId: one.jobId, attempt: 1 }]);
  });
});
