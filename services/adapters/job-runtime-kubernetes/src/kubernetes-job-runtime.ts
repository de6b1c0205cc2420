import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jobPaths, readLogFile, stageOutputFolder } from '@stratalab/job-runtime-local';
import { smallerAsk, type JobAsk, type JobAttempt, type JobObservation, type JobPool, type JobRuntime } from '@stratalab/kernel';
import { capacityOf } from './capacity.ts';
import { gpuResourcesOf, siteOfKind } from './gpu-kinds.ts';
import type { ClusterClient } from './cluster-client.ts';
import { withGoingPlaces } from './going-places.ts';
import { attemptName } from './manifests/names.ts';
import { tokenSecret } from './manifests/token-secret.ts';
import { volcanoJob } from './manifests/volcano-job.ts';
import type { VolcanoJobState } from './observe/cluster-objects.ts';
import { observationOf } from './observe/observation.ts';
import { createQueueCheck } from './observe/queue-check.ts';
import { makeObjects } from './observe/refusal.ts';
import { isWaiting, refusedReason } from './observe/waiting.ts';
import { createWaitingReader, readPodsOf, type WaitingGang } from './observe/waiting-reader.ts';
import { kept } from './pool/kept.ts';
import { createPoolReader } from './pool/pool-reader.ts';
import { poolOf } from './pool/pool.ts';
import { spaceFor } from './pool/space.ts';
import { prepareFolders } from './prepare-folders.ts';
import { packagesFile } from './python-packages.ts';
import { marks, type Site } from './site.ts';

const volcano = { apiVersion: 'batch.volcano.sh/v1alpha1', kind: 'Job' } as const;

export interface KubernetesJobRuntime extends JobRuntime {
  /** Why an attempt waits, in the cluster's own reasons and plain words; undefined when it runs or nothing is known. */
  waitingReason(attempt: JobAttempt, last?: string): Promise<string | undefined>;
  smallerAsk(attempt: JobAttempt, ask: JobAsk): Promise<JobAsk | undefined>;
  pool(): Promise<JobPool>;
}

/**
 * Jobs as Volcano gangs of pods, in the namespace and queue of their tenant. Homes, logs and outputs are on the shared data volume at the same paths as everywhere,
 * so logs outlive pods, outputs are published by a rename, and datasets are mounted without a copy.
 */
export function createKubernetesJobRuntime(client: ClusterClient, site: Site): KubernetesJobRuntime {
  const named = (attempt: JobAttempt) => ({ ...volcano, metadata: { name: attemptName(attempt), namespace: site.namespaceOf(attempt.tenant) } });
  const secret = (attempt: JobAttempt) => ({ apiVersion: 'v1', kind: 'Secret', metadata: named(attempt).metadata });
  const read = (attempt: JobAttempt): Promise<VolcanoJobState | undefined> => client.read<VolcanoJobState>(named(attempt));
  const podsOf = (attempt: JobAttempt) => readPodsOf(client, site, attempt);
  const observe = async (attempt: JobAttempt): Promise<JobObservation> => {
    jobPaths(site.dataFolder, attempt);
    const job = await read(attempt);
    const seen = observationOf(job, job === undefined ? [] : await podsOf(attempt));
    if (seen.phase !== 'ended' || seen.end !== 'not-started') return seen;
    const refused = refusedReason(await client.events(site.namespaceOf(attempt.tenant), 'Job', attemptName(attempt)));
    return refused === undefined ? seen : { ...seen, message: refused };
  };
  const assertQueue = createQueueCheck(client);
  const readPool = createPoolReader(client);
  const readNodes = kept(() => client.nodes());
  return withGoingPlaces<KubernetesJobRuntime>(client, site, {
    gpuKinds: Object.keys(site.gpuKinds ?? {}),
    pool: async () => poolOf(await readPool(), site),
    async smallerAsk(attempt, ask) {
      const kind = (await read(attempt))?.metadata?.labels?.[marks.gpuKind];
      const found = smallerAsk(ask, spaceFor(attempt, { site: siteOfKind(site, kind), facts: await readPool(), ownPods: await podsOf(attempt) }));
      return found !== undefined && isSame(found, ask) ? undefined : found;
    },
    capacity: async () => capacityOf(await readNodes(), gpuResourcesOf(site)),
    async start(request) {
      if ((await read(request)) !== undefined) return;
      const at = siteOfKind(site, request.gpuKind);
      await assertQueue(request, at);
      await prepareFolders(request, site);
      if (await makeObjects(client, [tokenSecret(request, site), volcanoJob(request, at)])) return;
      // Somebody else started it since it was looked for. Where it is over and tidied by now, nobody else would take this Secret away.
      if ((await observe(request)).phase === 'ended') await client.remove(secret(request));
    },
    observe,
    async cancel(attempt, { graceMs }) {
      const job = await read(attempt);
      if (job === undefined || (await observe(attempt)).phase === 'ended') return;
      if (!(await client.annotate(named(attempt), { [marks.ending]: 'cancelled' }))) return;
      // The pods first: the first grace time a kubelet hears is the one it surely keeps, and Volcano's own deletion has a long one.
      const graceSeconds = Math.max(1, Math.ceil(graceMs / 1000));
      for (const pod of await podsOf(attempt)) {
        const name = pod.metadata?.name;
        if (name !== undefined && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed') {
          await client.remove({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: site.namespaceOf(attempt.tenant) } }, graceSeconds);
        }
      }
      await client.create(abortCommand(job, attempt, site));
    },
    async readLog(job, request) {
      const paths = jobPaths(site.dataFolder, job);
      return readLogFile(paths.logs, paths.log(request.part), request);
    },
    stageOutput: async (attempt, output) => stageOutputFolder(jobPaths(site.dataFolder, attempt), output),
    async tidy(attempt) {
      if ((await observe(attempt)).phase !== 'ended') return;
      const paths = jobPaths(site.dataFolder, attempt);
      await client.remove(secret(attempt));
      await rm(paths.home, { recursive: true, force: true });
      for (const name of ['request.json', packagesFile]) await rm(join(paths.attempt(attempt.attempt), name), { force: true });
    },
    async remove(job) {
      const namespace = site.namespaceOf(job.tenant);
      const paths = jobPaths(site.dataFolder, job);
      const jobs = (await client.list<VolcanoJobState>(volcano.apiVersion, volcano.kind, namespace)).filter(({ metadata }) => metadata?.labels?.[marks.job] === job.jobId);
      for (const { metadata } of jobs) {
        const name = metadata?.name;
        if (name === undefined || metadata?.deletionTimestamp !== undefined) continue;
        await client.remove({ ...volcano, metadata: { name, namespace } });
        await client.remove({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } });
      }
      // Pods end in their own time; until the last one did, something may still write into the folders.
      if (jobs.length > 0 || (await client.pods(namespace, { [marks.job]: job.jobId })).length > 0) return false;
      await rm(paths.job, { recursive: true, force: true });
      return true;
    },
    waitingReason: createWaitingReader({ client, site, readPool, find: async attempt => waitingGang(attempt, await read(attempt)) })
  });
}

function waitingGang(attempt: JobAttempt, job: VolcanoJobState | undefined): WaitingGang | undefined {
  if (job === undefined || !isWaiting(job)) return undefined;
  const name = attemptName(attempt);
  return { job, podGroup: `${name}-${job.metadata?.uid ?? ''}`, makers: [{ kind: 'Job', name }] };
}

function isSame(one: JobAsk, other: JobAsk): boolean {
  return one.processes === other.processes && (['cpu', 'memoryMiB', 'gpu'] as const).every(key => one.perProcess[key] === other.perProcess[key]);
}

/** Volcano's way to say: end this job. */
function abortCommand(job: VolcanoJobState, attempt: JobAttempt, site: Site) {
  return {
    apiVersion: 'bus.volcano.sh/v1alpha1',
    kind: 'Command',
    metadata: { name: attemptName(attempt), namespace: site.namespaceOf(attempt.tenant) },
    action: 'AbortJob',
    target: { ...volcano, name: attemptName(attempt), uid: job.metadata?.uid ?? '', controller: true },
    reason: 'Cancelled',
    message: 'The job was cancelled on the platform.'
  };
}
