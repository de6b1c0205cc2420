import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@stratalab/contracts';
import { promotionPieceBytes } from '@stratalab/contracts/control';
import { digestFile, type OutgoingFile } from './outgoing.ts';
import type { Target } from './target.ts';

export interface Sending {
  readonly target: Target;
  readonly tenant: string;
  readonly signal: AbortSignal;
  /** How long to go on when the other side does not answer. */
  readonly patienceMs: number;
  readonly onBytes: (count: number) => void;
}

const askedAtOnce = 1_000;
const senders = 3;
const firstPauseMs = 250;
const longestPauseMs = 10_000;

/** How much of the files is there already, by checksum. */
export async function askReceived(sending: Sending, files: readonly OutgoingFile[]): Promise<ReadonlyMap<string, { receivedBytes: number; isWhole: boolean }>> {
  const received = new Map<string, { receivedBytes: number; isWhole: boolean }>();
  for (let at = 0; at < files.length; at += askedAtOnce) {
    const body = { files: files.slice(at, at + askedAtOnce).map(({ sha256 }) => sha256) };
    const { items } = await patiently(sending, () => sending.target.control.listReceivedFiles({ params: { name: sending.tenant }, body }));
    for (const { sha256, ...state } of items) received.set(sha256, state);
  }
  return received;
}

/** Sends what has not arrived, from where it stopped; a cut line or a restarted platform is waited for. @throws Problem when it does not come back */
export async function sendFiles(sending: Sending, files: readonly OutgoingFile[]): Promise<void> {
  const received = await askReceived(sending, files);
  const waiting = files.filter(({ sha256 }) => received.get(sha256)?.isWhole !== true);
  const failed = new AbortController();
  const together: Sending = { ...sending, signal: AbortSignal.any([sending.signal, failed.signal]) };
  const next = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) await sendFile(together, file, received.get(file.sha256)?.receivedBytes ?? 0);
  };
  // One that fails takes the others along, and all have ended afterwards: nothing goes on behind the back of the next run.
  await Promise.all(Array.from({ length: senders }, () => next().catch((error: unknown) => failed.abort(error))));
  failed.signal.throwIfAborted();
}

async function sendFile(sending: Sending, file: OutgoingFile, from: number): Promise<void> {
  let hasBeenRefused = false;
  for (let offset = from; ;) {
    try {
      const answer = await patiently(sending, () => sendPiece(sending, file, offset));
      sending.onBytes(answer.receivedBytes - offset);
      offset = answer.receivedBytes;
      if (answer.isWhole) return;
    } catch (error) {
      if (!(error instanceof Problem) || (error.code !== 'conflict' && error.code !== 'invalid-input')) throw error;
      if (error.code === 'invalid-input') {
        await assertUnchanged(file);
        if (hasBeenRefused) throw error;
        hasBeenRefused = true;
      }
      // An answer that was lost on the way: what arrived is the truth.
      const now = (await askReceived(sending, [file])).get(file.sha256);
      sending.onBytes((now?.receivedBytes ?? 0) - offset);
      if (now?.isWhole === true) return;
      offset = now?.receivedBytes ?? 0;
    }
  }
}

async function sendPiece({ target, tenant }: Sending, { sha256, sizeBytes, path }: OutgoingFile, offset: number): Promise<{ receivedBytes: number; isWhole: boolean }> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(promotionPieceBytes, sizeBytes - offset)), 0, undefined, offset);
    if (bytesRead === 0 && offset < sizeBytes) throw changed(path);
    return await target.putBytes({ tenant, sha256, offset, sizeBytes, bytes: buffer.subarray(0, bytesRead) });
  } finally {
    await file.close();
  }
}

async function assertUnchanged(file: OutgoingFile): Promise<void> {
  if ((await digestFile(file.path)) !== file.sha256) throw changed(file.path);
}

function changed(path: string): Problem {
  return new Problem('invalid-input', { detail: `${path} is no longer what it was when the promotion began.`, hint: 'Find out what writes to it, then run the promotion again.' });
}

/** Tries again while the other side does not answer, for as long as `patienceMs` without one success. */
export async function patiently<T>({ signal, patienceMs }: Pick<Sending, 'signal' | 'patienceMs'>, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Problem) || !error.isRetryable || Date.now() + pauseMs > deadline) throw error;
      // The next round throws why it was interrupted.
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
