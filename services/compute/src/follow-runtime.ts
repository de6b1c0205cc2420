import { setTimeout as pause } from 'node:timers/promises';
import { aheadOfOthersMs, wakeAll, type JobAttempt, type Leader, type ServiceContext, type Tx } from '@stratalab/kernel';
import type { ComputePorts } from './ports.ts';
import { jobKind } from './store/job-events.ts';
import { tables } from './store/tables.ts';

const retryPauseMs = 1_000;
/** Jobs woken in one transaction. */
const batchSize = 500;

/**
 * Jobs whose runtime tells of changes are looked at as soon as something happens to them. Every process hears of every change; the one that leads writes it down, once, for
 * whichever process takes the job. What the leader misses is found by the looks that each job has anyway.
 * @returns nothing for a runtime that tells of nothing
 */
export function followRuntime({ ports, logger }: ServiceContext<ComputePorts>): readonly Leader[] {
  const { changes } = ports.runtime;
  if (changes === undefined) return [];
  return [
    {
      name: 'compute.job-changes',
      async work({ signal, write }) {
        const waiting = new Map<string, JobAttempt>();
        let ring = (): void => undefined;
        changes(attempts => {
          for (const attempt of attempts) waiting.set(attempt.jobId, attempt);
          ring();
        }, signal);
        signal.addEventListener('abort', () => ring(), { once: true });
        // What happened while nobody led was told to nobody.
        await write(wakeActive);
        while (!signal.aborted) {
          if (waiting.size === 0) await new Promise<void>(resolve => (ring = resolve));
          const batch = [...waiting.values()].slice(0, batchSize);
          for (const { jobId } of batch) waiting.delete(jobId);
          try {
            await write(tx => wakeKnown(tx, batch));
          } catch (error) {
            if (signal.aborted) return;
            logger.warn({ event: 'compute.wake-failed', count: batch.length, error }, 'changes of jobs could not be written down and are tried again');
            for (const attempt of batch) if (!waiting.has(attempt.jobId)) waiting.set(attempt.jobId, attempt);
            await pause(retryPauseMs, undefined, { signal }).catch(() => undefined);
          }
        }
      }
    }
  ];
}

async function wakeActive(tx: Tx): Promise<void> {
  const active = await tables(tx).selectFrom('compute.job').select(['id', 'tenant']).where('state', 'in', ['starting', 'running']).execute();
  await wakeAll(tx, jobKind, active);
}

/** Another platform may share the cluster: only jobs of this one are looked at, as one it does not know would be removed. */
async function wakeKnown(tx: Tx, attempts: readonly JobAttempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const ids = attempts.map(({ jobId }) => jobId);
  const known = await tables(tx).selectFrom('compute.job').select(['id', 'tenant']).where('id', 'in', ids).where('is_tidy', '=', false).execute();
  // What happens to jobs is told before thousands of others start.
  await wakeAll(tx, jobKind, known, aheadOfOthersMs);
}
