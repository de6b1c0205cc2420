import { Problem } from '@stratalab/contracts';
import type { LogChunk } from '@stratalab/contracts/compute';
import type { Call, JobRuntime } from '@stratalab/kernel';
import { isFinal } from '../domain/job-view.ts';
import { findJob } from '../store/job-store.ts';

export interface LogRequest {
  readonly id: string;
  readonly rank: string;
  readonly offset: number;
  readonly limitBytes: number;
}

/** A piece of the log of one process; at most `limitBytes` are read, wherever in the log. @throws not-found; range-not-satisfiable */
export async function readJobLog(runtime: JobRuntime, call: Call, request: LogRequest): Promise<LogChunk> {
  // The state first: what is written until then is in the piece that is read after it.
  const job = await call.read(tx => findJob(tx, call.tenant, request.id));
  if (job === undefined) throw new Problem('not-found');
  const { rank, offset, limitBytes } = request;
  if (rank !== 'launcher' && Number(rank) >= job.spec.processes) throw new Problem('not-found', { detail: `This job has no process ${rank}.` });
  const piece = await runtime.readLog({ tenant: call.tenant, jobId: job.id }, { part: String(rank === 'launcher' ? rank : Number(rank)), offset, limitBytes });
  const isOver = isFinal(job.state) && (piece.isAtEnd || piece.nextOffset === offset);
  return { rank, offset, nextOffset: piece.nextOffset, text: piece.text, isEnded: isOver };
}
