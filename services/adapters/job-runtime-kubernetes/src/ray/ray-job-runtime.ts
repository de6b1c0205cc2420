import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { askGangToEnd, gangRequestPath, jobPaths, readGangFiles, readLogFile, stageOutputFolder } from '@stratalab/job-runtime-local';
import type { JobAttempt, JobObservation, JobRuntime } from '@stratalab/kernel';
import { capacityOf } from '../capacity.ts';
import { gpuResourcesOf, siteOfKind } from '../gpu-kinds.ts';
import type { ClusterClient } from '../cluster-client.ts';
import { withGoingPlaces } from '../going-places.ts';
import { attemptName } from '../manifests/names.ts';
import { rayJob } from '../manifests/ray-job.ts';
import { raySecret } from '../manifests/ray-secret.ts';
import { podGroupKind } from '../observe/cluster-objects.ts';
import { createQueueCheck } from '../observe/queue-check.ts';
import { makeObjects } from '../observe/refusal.ts';
import { createWaitingReader, type WaitingGang } from '../observe/waiting-reader.ts';
import { createPoolReader } from '../pool/pool-reader.ts';
import { packagesFile } from '../python-packages.ts';
import { marks, type RaySite, type Site } from '../site.ts';
import { prepareGang } from './prepare-gang.ts';
import type { RayJobState } from './ray-objects.ts';
import { isRayJobOver, rayObservationOf } from './ray-observation.ts';

const kind = { apiVersion: 'ray.io/v1', kind: 'RayJob' } as const;
/** A driver that was asked and still says nothing this long after the grace time is not there any more. */
const patienceMs = 30_000;

/**
 * Jobs as gangs on Ray clusters of their own, in the namespace and queue of their tenant. Homes, logs and outputs lie where those of other jobs lie, so everything
 * around a job is the same with and without Ray. Starts jobs whose launcher is `ray`, and no others.
 */
export function createRayJobRuntime(client: ClusterClient, site: Site, ray: RaySite): JobRuntime {
  const metadata = (attempt: JobAttempt) => ({ name: attemptName(attempt), namespace: site.namespaceOf(attempt.tenant) });
  const named = (attempt: JobAttempt) => ({ ...kind, metadata: metadata(attempt) });
  const podGroup = (attempt: JobAttempt) => ({ ...podGroupKind, metadata: { name: podGroupName(attempt), namespace: site.namespaceOf(attempt.tenant) } });
  const secret = (name: string, namespace: string) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } });
  const assertQueue = createQueueCheck(client);
  const read = (attempt: JobAttempt): Promise<RayJobState | undefined> => client.read<RayJobState>(named(attempt));
  const observe = async (attempt: JobAttempt): Promise<JobObservation> => {
    const paths = jobPaths(site.dataFolder, attempt);
    return rayObservationOf(await read(attempt), await readGangFiles(paths, attempt.attempt));
  };
  return withGoingPlaces<JobRuntime>(client, site, {
    capacity: async () => capacityOf(await client.nodes(), gpuResourcesOf(site)),
    launchers: async () => ['ray'],
    async start(request) {
      if (request.launcher !== 'ray') throw new Problem('invalid-request', { detail: 'This part of the cluster runs jobs on Ray only.' });
      if ((await read(request)) !== undefined) return;
      const at = siteOfKind(site, request.gpuKind);
      await assertQueue(request, at);
      await prepareGang(request, site);
      if (await makeObjects(client, [raySecret(request, site), rayJob(request, at, ray)])) return;
      // Somebody else started it since it was looked for. Where it is over and tidied by now, nobody else would take this Secret away.
      const started = await read(request);
      if (started !== undefined && isRayJobOver(started)) await client.remove(secret(attemptName(request), site.namespaceOf(request.tenant)));
    },
    observe,
    async cancel(attempt, { graceMs }) {
      const job = await read(attempt);
      if (job === undefined || isRayJobOver(job)) return;
      await client.annotate(named(attempt), { [marks.ending]: 'cancelled' });
      const sinceMs = await askGangToEnd(jobPaths(site.dataFolder, attempt), attempt.attempt, { graceMs });
      // Only the driver can ask the processes; where there is none, or none answers, the whole cluster is taken away.
      const isDriven = job.status?.jobDeploymentStatus === 'Running' && sinceMs <= graceMs + patienceMs;
      if (!isDriven) await client.merge({ ...named(attempt), spec: { suspend: true } });
    },
    async readLog(job, request) {
      const paths = jobPaths(site.dataFolder, job);
      return readLogFile(paths.logs, paths.log(request.part), request);
    },
    stageOutput: async (attempt, output) => stageOutputFolder(jobPaths(site.dataFolder, attempt), output),
    async tidy(attempt) {
      const job = await read(attempt);
      if (job === undefined || !isRayJobOver(job)) return;
      const paths = jobPaths(site.dataFolder, attempt);
      // The operator empties the PodGroup of a job that came to its end; that of one that was taken away would hold its room in the queue for ever.
      if (job.status?.jobDeploymentStatus === 'Suspended') await client.remove(podGroup(attempt));
      await client.remove(secret(attemptName(attempt), site.namespaceOf(attempt.tenant)));
      await rm(paths.home, { recursive: true, force: true });
      for (const path of [gangRequestPath(paths, attempt.attempt), join(paths.attempt(attempt.attempt), packagesFile)]) await rm(path, { force: true });
    },
    async remove(job) {
      const namespace = site.namespaceOf(job.tenant);
      const paths = jobPaths(site.dataFolder, job);
      const jobs = (await client.list<RayJobState>(kind.apiVersion, kind.kind, namespace)).filter(({ metadata }) => metadata?.labels?.[marks.job] === job.jobId);
      for (const { metadata: found } of jobs) {
        if (found?.name !== undefined && found.deletionTimestamp === undefined) await client.remove({ ...kind, metadata: { name: found.name, namespace } });
      }
      // The operator asks the head to stop with the token in the Secret, so that goes last.
      const pods = await client.pods(namespace, { [marks.job]: job.jobId });
      if (jobs.length > 0 || pods.some(pod => pod.metadata?.labels?.['ray.io/is-ray-node'] === 'yes')) return false;
      for (const attempt of await readdir(join(paths.job, 'attempts')).catch((): string[] => [])) {
        await client.remove(secret(attemptName({ jobId: job.jobId, attempt: Number(attempt) }), namespace));
      }
      // Pods without Ray are attempts of the same job elsewhere: whoever runs them takes the folder away after them.
      if (pods.length === 0) await rm(paths.job, { recursive: true, force: true });
      return true;
    },
    waitingReason: createWaitingReader({ client, site, readPool: createPoolReader(client), find: async attempt => waitingGang(attempt, await read(attempt)) })
  });
}

function waitingGang(attempt: JobAttempt, job: RayJobState | undefined): WaitingGang | undefined {
  const state = job?.status?.jobDeploymentStatus ?? '';
  if (job === undefined || (state !== '' && state !== 'Initializing')) return undefined;
  const name = attemptName(attempt);
  const cluster = job.status?.rayClusterName;
  const makers = [...(cluster === undefined ? [] : [{ kind: 'RayCluster', name: cluster }]), { kind: 'RayJob', name }];
  return { job, podGroup: podGroupName(attempt), makers };
}

/** As the operator names it. */
function podGroupName(attempt: JobAttempt): string {
  return `ray-${attemptName(attempt)}-pg`;
}
