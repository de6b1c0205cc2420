import { urlOf, problemFromAnswer, type Client } from '@stratalab/client';
import { Problem } from '@stratalab/contracts';
import type { catalogRoutes, Upload, VersionReference } from '@stratalab/contracts/catalog';

export interface SendOptions {
  readonly catalog: Client<typeof catalogRoutes>;
  /** Base URL of the platform. */
  readonly url: string;
  readonly authorization: () => Readonly<Record<string, string>>;
  readonly tenant: string;
  readonly signal: AbortSignal;
  readonly onProgress: (sentBytes: number) => void;
  /** Says that the line was lost and that it goes on by itself, or that it is back. */
  readonly onWaiting: (isWaiting: boolean) => void;
  readonly fetch?: typeof fetch;
  /** First pause after a lost line; doubles up to 15 s. */
  readonly firstPauseMs?: number;
}

const smallestPartBytes = 256 * 1024;
const wantedSteps = 50;
const longestPauseMs = 15_000;
const firstPauseMs = 1_000;

/** Parts small enough to show progress, never more than the service takes. */
export function partBytesFor(totalBytes: number, highestBytes: number): number {
  return Math.min(highestBytes, Math.max(smallestPartBytes, Math.ceil(totalBytes / wantedSteps)));
}

/**
 * Sends what is missing of an upload and publishes it. A lost line, a restart of the platform or of the browser costs at most one part:
 * it goes on from what was received.
 * @throws Problem when the service refuses; the signal's reason when it aborts
 */
export async function sendFiles(upload: Upload, files: readonly Blob[], options: SendOptions): Promise<VersionReference> {
  const params = { tenant: options.tenant, upload: upload.id };
  let current = upload;
  for (;;) {
    try {
      await sendRest(current, files, options);
      return await options.catalog.completeUpload({ params }, { signal: options.signal });
    } catch (error) {
      options.signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      current = await comeBack(params, options);
    }
  }
}

async function sendRest(upload: Upload, files: readonly Blob[], options: SendOptions): Promise<void> {
  const totalBytes = upload.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const partBytes = partBytesFor(totalBytes, upload.partBytes);
  let sentBefore = 0;
  for (const [index, file] of upload.files.entries()) {
    const blob = files[index];
    if (blob === undefined || blob.size !== file.sizeBytes)
      throw new Problem('invalid-input', { detail: `The file ‘${file.name}’ changed since the upload began.`, hint: 'Begin a new upload.' });
    let offset = file.receivedBytes;
    options.onProgress(sentBefore + offset);
    while (offset < file.sizeBytes) {
      offset = await sendPart(upload, { index, offset, bytes: blob.slice(offset, offset + partBytes) }, options);
      options.onProgress(sentBefore + offset);
    }
    sentBefore += file.sizeBytes;
  }
}

async function sendPart(upload: Upload, part: { readonly index: number; readonly offset: number; readonly bytes: Blob }, options: SendOptions): Promise<number> {
  // The contract came with the first call of the upload.
  const { catalogRoutes: routes } = await import('@stratalab/contracts/catalog');
  const path = urlOf(routes.putUploadPart, { params: { tenant: options.tenant, upload: upload.id, file: part.index }, query: { offset: part.offset } });
  const answer = await (options.fetch ?? fetch)(`${options.url}${path}`, {
    method: 'PUT',
    headers: { ...options.authorization(), 'content-type': 'application/octet-stream' },
    body: part.bytes,
    signal: options.signal
  });
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw problemFromAnswer(answer.status, body);
  if (typeof body === 'object' && body !== null && 'receivedBytes' in body) return Number(body.receivedBytes);
  throw new Problem('unavailable', { detail: 'The answer of the platform was cut.' });
}

/** Asks until the platform answers how far it got. */
async function comeBack(params: { readonly tenant: string; readonly upload: string }, options: SendOptions): Promise<Upload> {
  options.onWaiting(true);
  for (let pauseMs = options.firstPauseMs ?? firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    await pause(pauseMs, options.signal);
    try {
      const upload = await options.catalog.getUpload({ params }, { signal: options.signal });
      options.onWaiting(false);
      return upload;
    } catch (error) {
      options.signal.throwIfAborted();
      if (!isPassing(error)) throw error;
    }
  }
}

/** Failures that end by themselves: the line, a restart, a full second of other requests; and a part that had arrived after all. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Problem)) return true;
  return error.code === 'conflict' || error.code === 'unavailable' || error.code === 'timed-out' || error.code === 'too-many-requests';
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true }
    );
  });
}
