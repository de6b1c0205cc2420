import type { Logger } from '@stratalab/kernel';
import type { Failure } from './http/failure.ts';
import { listKind, type Listed, type ListParts } from './list-kind.ts';
import { firstStep, nextStep, type Outcome } from './next-step.ts';
import { needsSecondList } from './objects/deletion-guard.ts';
import type { ObjectChange, ObjectStore, Offer } from './objects/object-store.ts';
import type { ClusterObject } from './watched-kind.ts';
import { wait, watchKind, type WatchTimes } from './watch-kind.ts';

export interface FollowTimes extends WatchTimes {
  /** Time between two audits: complete lists that look for what the watch did not tell. */
  readonly auditMs: number;
  /** What a healthy watch may be behind a list. */
  readonly settleMs: number;
}

export interface FollowParts extends ListParts {
  readonly store: ObjectStore;
  readonly times: FollowTimes;
  readonly logger: Logger;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  readonly onChange: (change: ObjectChange) => void;
  readonly onAlive: () => void;
  /** A list or watch failed: until the next sign of life, what the store holds may be old. */
  readonly onApart: () => void;
  /** The first complete list is in the store. */
  readonly onSynced: () => void;
}

/** Keeps the store as the cluster is, until `signal` aborts. Lists once, then watches; whatever fails is tried again, for ever and with pauses. Never throws. */
export async function followKind(parts: FollowParts, signal: AbortSignal): Promise<void> {
  const audit = createBell();
  await Promise.all([follow(parts, signal, audit.ring), auditNowAndThen(parts, signal, audit)]);
}

async function follow(parts: FollowParts, signal: AbortSignal, onLoss: () => void): Promise<void> {
  const { store } = parts;
  const tell = (offer: Offer): void => {
    if (typeof offer !== 'string') parts.onChange(offer);
  };
  const noteFailure = createFailureLog(parts);
  let step = firstStep;
  let suspects: ReadonlySet<string> | undefined;
  let isSynced = false;
  while (!signal.aborted) {
    let outcome: Outcome;
    if (step.action === 'watch') {
      const onObject = (type: 'put' | 'deleted', object: ClusterObject): void => tell(type === 'put' ? store.offer(object) : store.noteDeletion(object));
      outcome = await watchKind({ ...parts, onObject, onLoss, onFailure: noteFailure }, step.version, signal);
      if (outcome.type === 'watched') noteFailure(undefined);
    } else {
      if (isSynced && suspects === undefined) parts.metrics.relisted();
      const listed = await listKind(parts, signal, object => tell(store.offer(object)));
      if ('status' in listed) {
        noteFailure(listed);
        outcome = { type: 'failed', ...(listed.retryAfterMs === undefined ? {} : { retryAfterMs: listed.retryAfterMs }) };
      } else {
        parts.onAlive();
        const before = suspects;
        suspects = removeMissing(parts, listed, before).suspects;
        outcome = { type: 'listed', version: listed.version, isSuspicious: suspects !== undefined };
        if (!isSynced) parts.onSynced();
        isSynced = true;
      }
    }
    step = nextStep(step, outcome, parts.random());
    await wait(step.pauseMs, signal);
  }
}

/**
 * Takes away what a complete list lacks. A list that lacks suspiciously much only names its suspects; what a second list lacks too is gone.
 * @returns what was taken away, and the suspects that wait for the second list
 */
function removeMissing(
  parts: FollowParts,
  listed: Listed,
  suspects: ReadonlySet<string> | undefined
): { readonly count: number; readonly suspects: ReadonlySet<string> | undefined } {
  const missing = parts.store.missingFrom(listed.keys, listed.version);
  if (suspects === undefined && needsSecondList(missing.length, parts.store.size)) {
    parts.metrics.doubted();
    parts.logger.warn(
      { event: 'cluster-watch.list-doubted', kind: parts.kind.name, missing: missing.length, known: parts.store.size },
      'a list lacks much of what is known: asked again before it is believed'
    );
    return { count: 0, suspects: new Set(missing) };
  }
  const gone = suspects === undefined ? missing : missing.filter(key => suspects.has(key));
  for (const key of gone) {
    const offer = parts.store.drop(key);
    if (typeof offer !== 'string') parts.onChange(offer);
  }
  return { count: gone.length, suspects: undefined };
}

/** Compares with a complete list every `auditMs`, and soon after something unreadable came. The watch goes on meanwhile. */
async function auditNowAndThen(parts: FollowParts, signal: AbortSignal, bell: Bell): Promise<void> {
  while (!signal.aborted) {
    await bell.wait(parts.times.auditMs * (0.9 + 0.2 * parts.random()), signal);
    if (!signal.aborted) await auditOnce(parts, signal);
  }
}

async function auditOnce(parts: FollowParts, signal: AbortSignal): Promise<void> {
  const { store, times } = parts;
  const news: ClusterObject[] = [];
  const listed = await listKind(parts, signal, object => void (store.isNews(object) && news.push(object)));
  if ('status' in listed) return;
  // What the list shows and the watch is about to tell is not missed.
  await wait(times.settleMs, signal);
  let missed = 0;
  for (const object of news) {
    const offer = store.offer(object);
    if (typeof offer === 'string') continue;
    missed += 1;
    parts.onChange(offer);
  }
  const first = removeMissing(parts, listed, undefined);
  let removed = first.count;
  if (first.suspects !== undefined) {
    const second = await listKind(parts, signal, () => undefined);
    if (!('status' in second)) removed += removeMissing(parts, second, first.suspects).count;
  }
  missed += removed;
  parts.metrics.audited(missed);
  if (missed > 0) parts.logger.warn({ event: 'cluster-watch.changes-missed', kind: parts.kind.name, missed }, 'an audit found changes that no watch had told');
}

/** Says once that something does not work, again when the reason changes, and once that it works again. */
function createFailureLog({ kind, logger, onApart }: FollowParts): (failure: Failure | undefined) => void {
  let last = '';
  return failure => {
    if (failure !== undefined) onApart();
    const now = failure === undefined ? '' : String(failure.status);
    if (now === last) return;
    last = now;
    if (failure === undefined) logger.info({ event: 'cluster-watch.recovered', kind: kind.name }, 'the cluster is watched again');
    else
      logger.warn(
        { event: 'cluster-watch.failed', kind: kind.name, status: failure.status, reason: failure.reason, hint: hintOf(failure) },
        'the cluster cannot be watched and is asked again'
      );
  };
}

function hintOf({ status }: Failure): string | undefined {
  if (status === 401) return 'The credentials of the platform are not accepted; they are read again at every try.';
  if (status === 403) return 'The service account of the platform needs list and watch on this kind in the whole cluster.';
  if (status === 404) return 'The cluster does not serve this kind: its custom resource definition is missing.';
  return undefined;
}

interface Bell {
  ring(): void;
  wait(timeMs: number, signal: AbortSignal): Promise<void>;
}

/** Rings early when asked, at most once every few seconds. */
function createBell(): Bell {
  const quietMs = 5_000;
  let cut = new AbortController();
  return {
    ring: () => cut.abort(),
    async wait(timeMs, signal) {
      await wait(Math.min(quietMs, timeMs), signal);
      await wait(timeMs - quietMs, AbortSignal.any([signal, cut.signal]));
      cut = new AbortController();
    }
  };
}
