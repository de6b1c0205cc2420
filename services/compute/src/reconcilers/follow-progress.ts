import { finishedLines } from '../domain/parse-progress.ts';
import { advanceByLines } from '../domain/progress.ts';
import { lockJob, updateJob } from '../store/job-store.ts';
import { storeAdvance } from '../usecases/report-progress.ts';
import type { JobStep } from './job-step.ts';

const pieceBytes = 128 * 1024;
const mostPieces = 8;

/** Reads what the first process wrote since the last look and keeps what its loggers say about progress and metrics. Bounded: the rest comes at the next look. */
export async function followProgress({ service, context, job }: JobStep): Promise<void> {
  let offset = job.log_offset;
  const lines: string[] = [];
  for (let piece = 0; piece < mostPieces; piece += 1) {
    const { text, nextOffset, isAtEnd } = await service.ports.runtime.readLog({ tenant: job.tenant, jobId: job.id }, { part: '0', offset, limitBytes: pieceBytes });
    const { lines: finished, restBytes } = finishedLines(text);
    const isOneLongLine = finished.length === 0 && text.length > pieceBytes / 2;
    lines.push(...finished);
    const read = isOneLongLine ? nextOffset : nextOffset - restBytes;
    const isStuck = read === offset;
    offset = read;
    if (isAtEnd || isStuck) break;
  }
  if (offset === job.log_offset) return;
  await context.write(async tx => {
    const row = await lockJob(tx, job.tenant, job.id);
    if (row === undefined) return;
    const advance = advanceByLines({ progress: row.progress, nextStep: row.metric_step, startedAt: row.attempt_started_at, now: service.clock.now() }, lines);
    if (advance === undefined) await updateJob(tx, row.id, { log_offset: offset });
    else await storeAdvance(tx, row, advance, offset);
  });
}
