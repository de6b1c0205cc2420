import type { ReplicaAddress } from '@stratalab/kernel';
import { Pool } from 'undici';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface UpstreamCall {
  readonly path: string;
  readonly body: Buffer;
  readonly signal: AbortSignal;
  /** Called once, when the answer begins. */
  readonly onHead: (status: number, headers: Headers) => void;
  /** Answers false when the reader is slow: nothing more comes until `resume` is called. */
  readonly onData: (chunk: Buffer, resume: () => void) => boolean;
}

/** The replica's connection failed. Before the head nothing was given to the caller, so another replica may be asked. */
export class UpstreamFailure extends Error {
  readonly isBeforeHead: boolean;

  constructor(isBeforeHead: boolean, cause: unknown) {
    super('A replica did not answer to the end.', { cause });
    this.name = 'UpstreamFailure';
    this.isBeforeHead = isBeforeHead;
  }
}

export interface Dispatcher {
  /**
   * Sends one call to a replica and hands the bytes on as they come. Answers the trailers.
   * @throws UpstreamFailure; the signal's reason after an abort, which ends the call at the replica too
   */
  send(address: ReplicaAddress, call: UpstreamCall): Promise<Headers>;
  close(): Promise<void>;
}

/** Long prompts take minutes before the first byte. */
const patienceMs = 10 * 60_000;
const connections = 64;
const highestPools = 200;

/** Keeps connections to replicas open; addresses come from our own runtime, never from a caller. */
export function createDispatcher(): Dispatcher {
  const pools = new Map<string, Pool>();
  const poolOf = (origin: string): Pool => {
    const known = pools.get(origin);
    if (known !== undefined) return known;
    if (pools.size >= highestPools) forget(pools.keys().next().value ?? '');
    const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: patienceMs, bodyTimeout: patienceMs, keepAliveTimeout: 60_000, connect: { timeout: 2_000 } });
    pools.set(origin, pool);
    return pool;
  };
  const forget = (origin: string): void => {
    const pool = pools.get(origin);
    pools.delete(origin);
    void pool?.close().catch(() => undefined);
  };
  return {
    send: (address, call) =>
      sendOnce(poolOf(address.origin), address, call).catch((error: unknown) => {
        if (error instanceof UpstreamFailure) forget(address.origin);
        throw error;
      }),
    async close() {
      await Promise.allSettled([...pools.values()].map(pool => pool.destroy()));
      pools.clear();
    }
  };
}

function sendOnce(pool: Pool, address: ReplicaAddress, call: UpstreamCall): Promise<Headers> {
  return new Promise((resolve, reject) => {
    let isHeadSeen = false;
    let onAbort: (() => void) | undefined;
    const settle = (finish: () => void): void => {
      if (onAbort !== undefined) call.signal.removeEventListener('abort', onAbort);
      finish();
    };
    if (call.signal.aborted) return reject(call.signal.reason);
    pool.dispatch(
      { path: call.path, method: 'POST', headers: { 'content-type': 'application/json', authorization: address.authorization }, body: call.body },
      {
        onRequestStart(controller) {
          onAbort = () => controller.abort(asError(call.signal.reason));
          call.signal.addEventListener('abort', onAbort, { once: true });
          if (call.signal.aborted) onAbort();
        },
        onResponseStart(_controller, status, headers) {
          isHeadSeen = true;
          call.onHead(status, headers);
        },
        onResponseData(controller, chunk) {
          if (!call.onData(chunk, () => controller.resume())) controller.pause();
        },
        onResponseEnd: (_controller, trailers) => settle(() => resolve(trailers)),
        onResponseError: (_controller, error) => settle(() => reject(call.signal.aborted ? call.signal.reason : new UpstreamFailure(!isHeadSeen, error)))
      }
    );
  });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
