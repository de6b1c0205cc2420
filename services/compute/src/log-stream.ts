import { setTimeout as pause } from 'node:timers/promises';
import type { computeRoutes } from '@stratalab/contracts/compute';
import type { Handler, JobRuntime } from '@stratalab/kernel';
import { readJobLog } from './usecases/read-log.ts';

const pieceBytes = 65_536;
const lookMs = 400;
const heartbeatMs = 10_000;
/** The reader connects again, with its credential of then: a revoked one sees nothing after this time. */
const longestMs = 45_000;

/**
 * Streams the log of one process from a byte offset (`Last-Event-ID` or `offset`) until the job is over. A reader that does not keep up is
 * not sent more than it takes: the next piece is read when the last one left.
 */
export function streamLog(runtime: JobRuntime): Handler<typeof computeRoutes.followJobLog> {
  return async (call, { params, query }, { request, reply }) => {
    const resumed = Number(request.headers['last-event-id'] ?? Number.NaN);
    const read = (offset: number) => readJobLog(runtime, call, { id: params.job, rank: query.rank ?? '0', offset, limitBytes: pieceBytes });
    let chunk = await read(Number.isSafeInteger(resumed) && resumed >= 0 ? resumed : (query.offset ?? 0));
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no', 'x-request-id': call.requestId });
    raw.write('retry: 300\n\n');
    const end = Date.now() + longestMs;
    let lastWrite = Date.now();
    try {
      while (!call.signal.aborted) {
        if (chunk.text !== '') {
          const isTaken = raw.write(`id: ${chunk.nextOffset}\nevent: log\ndata: ${JSON.stringify(chunk)}\n\n`);
          lastWrite = Date.now();
          if (!isTaken) await drained(raw, call.signal);
        } else if (Date.now() - lastWrite > heartbeatMs) {
          raw.write(': \n\n');
          lastWrite = Date.now();
        }
        if (chunk.isEnded) {
          raw.write(`event: end\ndata: ${JSON.stringify({ rank: chunk.rank, nextOffset: chunk.nextOffset })}\n\n`);
          break;
        }
        if (Date.now() > end) break;
        if (chunk.text === '') await pause(lookMs, undefined, { signal: call.signal });
        chunk = await read(chunk.nextOffset);
      }
    } catch (error) {
      if (!call.signal.aborted) call.logger.warn({ event: 'job-log.stream-failed', error }, 'a log stream ended early; its reader connects again');
    } finally {
      raw.end();
    }
  };
}

async function drained(raw: NodeJS.EventEmitter, signal: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    raw.once('drain', () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
