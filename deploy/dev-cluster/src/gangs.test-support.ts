import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { compute } from '@stratalab/compute';
import { computeRoutes, type Job, type JobInput } from '@stratalab/contracts/compute';
import { controlRoutes } from '@stratalab/contracts/control';
import { control } from '@stratalab/control';
import { createClusterClient, createKubernetesJobRuntime, createRayJobRuntime, marks, type Site } from '@stratalab/job-runtime-kubernetes';
import { joinRuntimes, mountService, type TenantLimits } from '@stratalab/kernel';
import { administrator, createTenant, createTestHost, fakeControlPorts, testActor, type TestHost } from '@stratalab/tooling';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until, type Cluster } from './cluster.ts';
import { endsWith, letPodsLast, runsFor, withLastingPods } from './tenancy/lasting-pods.test-support.ts';
import { makePlace, plainSite } from './tenancy/plain-place.ts';

const tenant = 'gangs';
const namespace = 'waiting-gangs';
const ann = testActor({ subject: 'ann', tenants: { [tenant]: 'editor' } });
const limits: TenantLimits = { cpu: 200, memoryMiB: 2_000_000, gpu: 4, jobs: 5, workspaces: 0 };
const small = { cpu: 0.5, memoryMiB: 512, gpu: 0 };
const patienceMs = 120_000;

/** Whole gangs on simulated nodes of a real Volcano: in which order they start, what becomes of those the cluster does not take, and of those that lose a part. */
export function describeGangs(cluster: () => Cluster): void {
  describe('gangs', () => {
    let folder = '';
    let platform: TestHost;
    const kubectl = (...args: string[]): Promise<string> => cluster().kubectl(args);
    const jobs = () => platform.clientFor(computeRoutes, ann);
    const submit = async (name: string, ask: Partial<JobInput>): Promise<string> =>
      (await jobs().submitJob({ params: { tenant }, body: { name, code: { kind: 'script', text: 'print(1)' }, resourcesPerProcess: small, ...ask } })).id;
    const read = (id: string): Promise<Job> => jobs().getJob({ params: { tenant, job: id } });
    const seen = async (what: string, id: string, check: (job: Job) => boolean): Promise<Job> => {
      let job = await read(id);
      const look = async (): Promise<boolean> => check((job = await read(id)));
      await until(what, look, patienceMs).catch((error: unknown) => {
        throw new Error(`${what}: ${JSON.stringify({ state: job.state, reason: job.reason, waitReason: job.waitReason, place: job.place })}`, { cause: error });
      });
      return job;
    };
    const held = (id: string, reason: RegExp): Promise<Job> => seen(`The reason ${reason.source}`, id, job => reason.test(job.waitReason ?? ''));
    const running = (id: string): Promise<Job> => seen('The job running', id, ({ state }) => state === 'running');
    const over = (id: string): Promise<Job> => seen('The end of the job', id, ({ state }) => state === 'failed' || state === 'cancelled' || state === 'succeeded');
    const podsOf = (id: string, rank?: number): string => `${marks.job}=${id}${rank === undefined ? '' : `,volcano.sh/task-index=${rank}`}`;
    const nodesOf = (id: string): Promise<string> => kubectl('-n', namespace, 'get', 'pods', '-l', podsOf(id), '-o', 'jsonpath={.items[*].spec.nodeName}');
    const placed = (id: string): Promise<void> => until('The pods on nodes', async () => (await nodesOf(id)) !== '', patienceMs);
    const tell = (pods: string, ...annotations: string[]): Promise<string> => kubectl('-n', namespace, 'annotate', 'pod', '--overwrite', '-l', pods, ...annotations);
    const end = (id: string): Promise<string> => tell(podsOf(id), `${runsFor}=1ms`);
    const used = async (): Promise<Record<string, number>> => {
      const { items } = await platform.clientFor(controlRoutes, administrator).getQuotas({ params: { tenant } });
      return Object.fromEntries(items.filter(item => item.used + item.reserved > 0).map(item => [item.resource, item.used + item.reserved]));
    };
    const livePods = (): Promise<string> => kubectl('-n', namespace, 'get', 'pods', '--field-selector', 'status.phase!=Succeeded,status.phase!=Failed', '-o', 'name');
    const probe = JSON.stringify({ apiVersion: 'batch.volcano.sh/v1alpha1', kind: 'Job', metadata: { name: 'probe', namespace }, spec: { minAvailable: 7 } });
    /** What guards the cluster does so a moment after it was made. */
    const inForce = (refusal: string): Promise<void> =>
      until(`The refusal '${refusal}'`, async () => (await cluster().tryKubectl(['create', '--dry-run=server', '-f', '-'], probe)).errors.includes(refusal), patienceMs);
    /** The reservation with the platform, the allocation of the queue, and every pod. */
    const nothingHeld = async (): Promise<void> => {
      await until('The reservations being given back', async () => Object.keys(await used()).length === 0, patienceMs);
      await until('The end of the pods', async () => (await livePods()) === '', patienceMs);
      const allocated = (): Promise<string> => kubectl('get', 'queue', namespace, '-o', 'jsonpath={.status.allocated.cpu}');
      await until('The queue being empty', async () => ['', '0'].includes(await allocated()), patienceMs);
    };

    beforeAll(async () => {
      folder = await realpath(await mkdtemp(join(tmpdir(), 'stratalab-gangs-')));
      const config = new KubeConfig();
      config.loadFromFile(cluster().kubeconfig);
      const client = createClusterClient(config);
      const site: Site = {
        ...{ image: 'localhost/hostusr:1', claimName: 'stratalab-data', dataFolder: folder, user: { uid: 1000, gid: 1000 } },
        ...{ namespaceOf: name => `waiting-${name}`, queueOf: name => `waiting-${name}` },
        pod: { nodeSelector: { type: 'kwok' }, tolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }] }
      };
      await letPodsLast(cluster());
      await makePlace(client, plainSite(folder, { namespaceOf: site.namespaceOf }), tenant, limits);
      const lasting = withLastingPods(client);
      const runtime = joinRuntimes(createKubernetesJobRuntime(lasting, site), createRayJobRuntime(lasting, site, { image: site.image, version: '2.60.0' }));
      platform = await createTestHost({
        services: [mountService(control, fakeControlPorts()), mountService(compute, { runtime, platformUrl: 'http://127.0.0.1:9' })],
        isBackgroundRunning: true,
        environment: { STRATALAB_JOB_GRACE_SECONDS: '1' }
      });
      await createTenant(platform, tenant);
      const quotas = { cpu: 400, 'memory-mib': 4_000_000, gpu: 50, jobs: 50 } as const;
      for (const resource of ['cpu', 'memory-mib', 'gpu', 'jobs'] as const)
        await platform.clientFor(controlRoutes, administrator).setQuota({ params: { tenant, resource }, body: { limit: quotas[resource] } });
    });

    afterAll(async () => {
      await platform.close();
      for (const kind of ['validatingadmissionpolicybinding', 'validatingadmissionpolicy']) await kubectl('delete', kind, namespace, '--ignore-not-found');
      await kubectl('-n', namespace, 'delete', 'vcjob,rayjob', '--all', '--wait=false');
      await rm(folder, { recursive: true, force: true });
    });

    test('in a full queue the later job of higher priority starts first, and the place each was told was right', async () => {
      const gpus = { processes: 1, resourcesPerProcess: { ...small, gpu: 3 } };
      const noRoom = /no room for nvidia\.com\/gpu/;
      const first = await submit('first', gpus);
      await running(first);
      const usual = await submit('usual', gpus);
      expect(await held(usual, noRoom)).toMatchObject({ state: 'starting', place: 1 });
      const urgent = await submit('urgent', { ...gpus, priority: 7 });
      expect(await held(urgent, noRoom)).toMatchObject({ state: 'starting', place: 1 });
      const last = await submit('last', { ...gpus, priority: -7 });
      expect(await held(last, noRoom)).toMatchObject({ place: 3 });
      expect((await read(usual)).place).toBe(2);
      const { items } = await jobs().getQueue({ params: { tenant } });
      const waiting = [usual, urgent, last];
      const listed = (await jobs().listJobs({ params: { tenant }, query: { limit: 3 } })).items.map(({ name, place }) => [name, place]);
      expect(listed).toEqual([
        ['last', 3],
        ['urgent', 1],
        ['usual', 2]
      ]);
      const told = items.filter(({ id }) => waiting.includes(id)).map(({ id }) => id);
      expect(items.map(({ name, place }) => [name, place])).toEqual([
        ['urgent', 1],
        ['usual', 2],
        ['last', 3]
      ]);
      const started: string[] = [];
      const startNext = async (): Promise<boolean> => {
        const now = (await Promise.all(waiting.map(read))).filter(({ id, startedAt }) => startedAt !== null && !started.includes(id));
        started.push(...now.map(({ id }) => id));
        return now.length > 0;
      };
      for (const previous of [first, ...told.slice(0, -1)]) {
        await end(previous);
        await until('The next job starting', startNext, patienceMs);
      }
      expect(started).toEqual(told);
      await end(last);
      for (const id of [first, ...told]) expect(await over(id)).toMatchObject({ state: 'succeeded' });
      await nothingHeld();
    });

    test('on Ray, too, the later job of higher priority is placed first, and those that wait know their places', async () => {
      const ask = { launcher: 'ray', processes: 1, resourcesPerProcess: { ...small, gpu: 3 } } as const;
      const noRoom = /no room for nvidia\.com\/gpu/;
      const first = await submit('first-on-ray', ask);
      await placed(first);
      const usual = await submit('usual-on-ray', ask);
      expect(await held(usual, noRoom)).toMatchObject({ state: 'starting', place: 1 });
      const urgent = await submit('urgent-on-ray', { ...ask, priority: 7 });
      expect(await held(urgent, noRoom)).toMatchObject({ state: 'starting', place: 1 });
      await jobs().cancelJob({ params: { tenant, job: first } });
      await placed(urgent);
      expect(await nodesOf(usual)).toBe('');
      for (const id of [usual, urgent]) await jobs().cancelJob({ params: { tenant, job: id } });
      for (const id of [first, usual, urgent]) expect(await over(id)).toMatchObject({ state: 'cancelled' });
      await nothingHeld();
    });

    test('F25 on Ray, too, a gang one part of which fits nowhere starts not at all, says why, and a cancel leaves nothing', async () => {
      const gang = await submit('too-wide-on-ray', { launcher: 'ray', processes: 3, resourcesPerProcess: { ...small, cpu: 40 } });
      await held(gang, /^No node fits/);
      expect(await nodesOf(gang)).toBe('');
      await jobs().cancelJob({ params: { tenant, job: gang } });
      expect(await over(gang)).toMatchObject({ state: 'cancelled', attempt: 1 });
      await nothingHeld();
    });

    test('F25 a gang one part of which fits nowhere: none of it starts, it says why, and a cancel leaves nothing', async () => {
      const gang = await submit('too-wide', { processes: 3, resourcesPerProcess: { ...small, cpu: 40 } });
      await held(gang, /^No node fits/);
      expect(await nodesOf(gang)).toBe('');
      await jobs().cancelJob({ params: { tenant, job: gang } });
      expect(await over(gang)).toMatchObject({ state: 'cancelled', attempt: 1 });
      await nothingHeld();
    });

    test.each([
      ['ends with a code', (pods: string) => tell(pods, `${endsWith}=3`, `${runsFor}=1ms`), /^Process 1 ended with exit code 3\./],
      ['is taken away', (pods: string) => kubectl('-n', namespace, 'delete', 'pod', '--force', '--grace-period=0', '-l', pods), /^It was lost\./]
    ])(
      'F25 a gang one part of which %s: all of it ends, one failure is told, and nothing stays reserved',
      async (_how, strike, reason) => {
        const gang = await submit('gang', { processes: 3, resourcesPerProcess: { ...small, gpu: 1 } });
        await running(gang);
        expect(await used()).toMatchObject({ gpu: 3, jobs: 1 });
        await strike(podsOf(gang, 1));
        expect(await over(gang)).toMatchObject({ state: 'failed', attempt: 1, reason: expect.stringMatching(reason) });
        await nothingHeld();
      },
      120_000
    );

    test("F23 what a policy refuses ends as a failed job with the policy's words; pods it refuses wait with them and start when it lets them", async () => {
      await cluster().kubectl(['apply', '--server-side', '-f', '-'], policy);
      await inForce('bring bad luck');
      const seven = await submit('seven', { processes: 7 });
      expect(await over(seven)).toMatchObject({ state: 'failed', reason: expect.stringMatching(/^The cluster does not take the job: .*Gangs of seven bring bad luck/) });
      const refused = /^The cluster refuses its pods: .*Nobody pays for this priority/;
      const cheapOnRay = await submit('cheap-on-ray', { launcher: 'ray', priority: -3 });
      await held(cheapOnRay, refused);
      await jobs().cancelJob({ params: { tenant, job: cheapOnRay } });
      expect(await over(cheapOnRay)).toMatchObject({ state: 'cancelled' });
      // Last: Volcano waits twice as long before each further try, and gives a job up after some minutes of it.
      const cheap = await submit('cheap', { priority: -3 });
      await held(cheap, refused);
      await kubectl('delete', 'validatingadmissionpolicybinding', namespace);
      await running(cheap);
      await end(cheap);
      expect(await over(cheap)).toMatchObject({ state: 'succeeded' });
      await nothingHeld();
    });

    test('F23 a webhook that does not answer is told as the reason of the wait, and the job starts when it is gone', async () => {
      await cluster().kubectl(['apply', '--server-side', '-f', '-'], deadWebhook);
      try {
        await inForce('failed calling webhook');
        const job = await submit('unchecked', {});
        await held(job, /^The cluster could not check the job; it is tried again\. It says: .*failed calling webhook "dead\.example\.com"/);
        await kubectl('delete', 'validatingwebhookconfiguration', namespace);
        await running(job);
        await end(job);
        expect(await over(job)).toMatchObject({ state: 'succeeded' });
      } finally {
        await kubectl('delete', 'validatingwebhookconfiguration', namespace, '--ignore-not-found');
      }
      await nothingHeld();
    });
  });
}

const inNamespace = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
const jobsOfVolcano = { apiGroups: ['batch.volcano.sh'], apiVersions: ['*'], operations: ['CREATE'], resources: ['jobs'] };
const policy = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: namespace },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: { resourceRules: [jobsOfVolcano, { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }] },
      validations: [
        { expression: "request.kind.kind != 'Job' || object.spec.minAvailable != 7", message: 'Gangs of seven bring bad luck.' },
        { expression: "request.kind.kind != 'Pod' || object.spec.priorityClassName != 'stratalab-job-minus-3'", message: 'Nobody pays for this priority.' }
      ]
    }
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: namespace },
    spec: { policyName: namespace, validationActions: ['Deny'], matchResources: inNamespace }
  }
]
  .map(object => JSON.stringify(object))
  .join('\n---\n');
/** Nobody listens there. */
const deadWebhook = JSON.stringify({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: namespace },
  webhooks: [
    {
      ...{ name: 'dead.example.com', admissionReviewVersions: ['v1'], sideEffects: 'None', failurePolicy: 'Fail', timeoutSeconds: 1, ...inNamespace },
      clientConfig: { url: 'https://127.0.0.1:9/' },
      rules: [jobsOfVolcano]
    }
  ]
});
