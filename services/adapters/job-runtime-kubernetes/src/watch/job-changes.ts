import type { ClusterObject, ClusterWatch } from '@stratalab/cluster-watch';
import type { JobAttempt, JobRuntime } from '@stratalab/kernel';
import { attemptName } from '../manifests/names.ts';
import { marks, type Site } from '../site.ts';
import { createGangStarts } from './gang-starts.ts';
import { attemptKinds, rayJobsName } from './watched-kinds.ts';

/** What happens to a gang within this time is told as one change: its start alone is a dozen. */
const gatherMs = 150;

/** Tells of attempts whose gang, pods or PodGroup changed. Labels say whose they are; anybody can write a label, so the namespace has to agree. */
export function jobChanges(watch: ClusterWatch, site: Site): NonNullable<JobRuntime['changes']> {
  return (onChange, signal) => {
    const gathered = new Map<string, JobAttempt>();
    let timer: NodeJS.Timeout | undefined;
    const tell = (): void => {
      timer = undefined;
      const attempts = [...gathered.values()];
      gathered.clear();
      onChange(attempts);
    };
    const gather = (attempt: JobAttempt): void => {
      gathered.set(attemptName(attempt), attempt);
      timer ??= setTimeout(tell, gatherMs);
    };
    const gangStarts = createGangStarts(site.dataFolder, gather, signal);
    const stop = watch.onChange(({ type, kind, object }) => {
      if (!attemptKinds.some(name => name === kind.name)) return;
      const attempt = attemptOf(object, site);
      if (attempt === undefined) return;
      gather(attempt);
      if (kind.name !== rayJobsName) return;
      if (type !== 'deleted' && isDriven(object)) gangStarts.expect(attempt);
      else gangStarts.forget(attempt);
    });
    const end = (): void => {
      clearTimeout(timer);
      stop();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  };
}

/** Its driver runs, or will at once. */
function isDriven({ status }: ClusterObject): boolean {
  return typeof status === 'object' && status !== null && 'jobDeploymentStatus' in status && status.jobDeploymentStatus === 'Running';
}

function attemptOf({ metadata }: ClusterObject, site: Site): JobAttempt | undefined {
  const { [marks.tenant]: tenant, [marks.job]: jobId, [marks.attempt]: text } = metadata.labels ?? {};
  const attempt = Number(text);
  if (tenant === undefined || jobId === undefined || !Number.isInteger(attempt) || attempt < 1) return undefined;
  return metadata.namespace === site.namespaceOf(tenant) ? { tenant, jobId, attempt } : undefined;
}
