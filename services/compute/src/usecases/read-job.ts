import { Problem } from '@stratalab/contracts';
import type { Job } from '@stratalab/contracts/compute';
import type { Call } from '@stratalab/kernel';
import { jobOf } from '../domain/job-view.ts';
import { isHeld } from '../domain/queue-view.ts';
import { countHeldBefore, findJob } from '../store/job-store.ts';

/** One job. Its place in the queue of a cluster is counted anew: who came before it meanwhile is not told to every job behind. @throws not-found */
export async function readJob(call: Call, id: string): Promise<Job> {
  const job = await call.read(async tx => {
    const row = await findJob(tx, call.tenant, id);
    return row === undefined || !isHeld(row) ? row : { ...row, place: (await countHeldBefore(tx, row)) + 1 };
  });
  if (job === undefined) throw new Problem('not-found');
  return jobOf(job);
}
