import { setTimeout as pause } from 'node:timers/promises';
import { failureOf, isExpired, type Failure } from './http/failure.ts';
import { createLineReader } from './http/lines.ts';
import type { ListParts } from './list-kind.ts';
import type { Outcome } from './next-step.ts';
import { isRecord, readObject } from './objects/read-object.ts';
import { isNewer } from './objects/resource-version.ts';
import { pathOf, type ClusterObject } from './watched-kind.ts';

export interface WatchTimes {
  /** After this time without a byte the stream is taken for dead; a healthy server sends a bookmark every minute. */
  readonly silenceMs: number;
  /** How long the server keeps a watch open; each takes something between this and its double, so that watchers part. */
  readonly shortestWatchMs: number;
}

export interface WatchParts extends ListParts {
  readonly times: WatchTimes;
  readonly onObject: (type: 'put' | 'deleted', object: ClusterObject) => void;
  /** Every byte from the server is a sign of life. */
  readonly onAlive: () => void;
  readonly onFailure: (failure: Failure) => void;
  /** Something came that could not be read: a change may be lost. */
  readonly onLoss: () => void;
}

/** 16 MiB: an object in etcd has at most 1.5. */
const longestLineBytes = 16 * 2 ** 20;

/** Follows the changes after a version until the server, the silence or `signal` ends it. Never throws. */
export async function watchKind(parts: WatchParts, version: string, signal: AbortSignal): Promise<Outcome> {
  const { kind, http, metrics, times } = parts;
  const ended = new AbortController();
  const within = AbortSignal.any([signal, ended.signal]);
  const timeoutSeconds = Math.ceil((times.shortestWatchMs / 1000) * (1 + Math.random()));
  const query = { watch: 'true', allowWatchBookmarks: 'true', resourceVersion: version, timeoutSeconds: String(timeoutSeconds) };
  const answer = await http.open(pathOf(kind), { ...query, ...(kind.labelSelector === undefined ? {} : { labelSelector: kind.labelSelector }) }, within);
  metrics.requested('watch', 'status' in answer ? answer.status : 200);
  if ('status' in answer) {
    parts.onFailure(answer);
    return isExpired(answer) ? { type: 'expired', livedMs: 0 } : failed(answer);
  }
  const openedAt = performance.now();
  const livedMs = (): number => performance.now() - openedAt;
  const stream = createStream(parts, version);
  let isSilent = false;
  const watchdog = setTimeout(() => {
    isSilent = true;
    metrics.silent();
    ended.abort();
  }, times.silenceMs);
  parts.onAlive();
  try {
    for await (const chunk of answer.body) {
      watchdog.refresh();
      parts.onAlive();
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      metrics.received(bytes.length);
      stream.read(bytes);
      const error = stream.error();
      if (error === undefined) continue;
      parts.onFailure(error);
      return isExpired(error) ? { type: 'expired', livedMs: livedMs() } : failed(error);
    }
  } catch {
    // Broken off midway: what came is kept, the rest is asked for again from there.
  } finally {
    clearTimeout(watchdog);
    ended.abort();
  }
  return { type: 'watched', version: stream.version(), livedMs: livedMs(), isSilent };
}

function failed({ retryAfterMs }: Failure): Outcome {
  return { type: 'failed', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Reads the events of one watch; keeps the version up to which everything was seen. */
function createStream(parts: WatchParts, from: string) {
  const { kind, metrics } = parts;
  let version = from;
  let error: Failure | undefined;
  const lose = (): void => {
    metrics.malformed();
    parts.onLoss();
  };
  const onEvent = (line: string): void => {
    // What follows an error is nobody's business: the server ends the stream after it.
    if (error !== undefined) return;
    const event = parsed(line);
    if (!isRecord(event)) return lose();
    const { type, object } = event;
    if (type === 'ERROR') {
      error = failureOf(object, 500);
      return;
    }
    if (type === 'BOOKMARK') {
      const told = isRecord(object) && isRecord(object['metadata']) ? object['metadata']['resourceVersion'] : undefined;
      metrics.event('bookmark');
      if (typeof told === 'string' && told !== '') version = told;
      return;
    }
    const read = readObject(kind, object);
    if (read === undefined || (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED')) return lose();
    metrics.event(type === 'DELETED' ? 'deleted' : 'put');
    parts.onObject(type === 'DELETED' ? 'deleted' : 'put', read);
    // An echo from before must not lead back.
    if (isNewer(read.metadata.resourceVersion, version)) version = read.metadata.resourceVersion;
  };
  return {
    read: createLineReader({ longestBytes: longestLineBytes, onLine: onEvent, onTooLong: lose }),
    version: (): string => version,
    error: (): Failure | undefined => error
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Waits, or not so long when the signal aborts. */
export async function wait(timeMs: number, signal: AbortSignal): Promise<void> {
  if (timeMs > 0) await pause(timeMs, undefined, { signal, ref: true }).catch(() => undefined);
}
