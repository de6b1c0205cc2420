import { problemFromAnswer, urlOf } from '@stratalab/client';
import { Problem } from '@stratalab/contracts';
import { modelsRoutes, type ModelVersion } from '@stratalab/contracts/models';

export interface SendModel {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tenant: string;
  readonly model: string;
  readonly alias?: string | undefined;
  readonly file: File;
  readonly signal: AbortSignal;
  readonly onProgress: (sentBytes: number) => void;
}

/** A file name the platform takes: what is not a letter, digit, dot, dash or underscore becomes a dash. */
export function plainFileName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return plain === '' ? 'model.gguf' : plain.slice(-200);
}

/**
 * Sends a model file as the next version, with progress (fetch cannot tell how much was sent).
 * @throws Problem as the service refused it; the signal's reason when it was aborted
 */
export function sendModel(request: SendModel): Promise<ModelVersion> {
  const query = { fileName: plainFileName(request.file.name), ...(request.alias === undefined ? {} : { alias: request.alias }) };
  const path = urlOf(modelsRoutes.uploadModelFile, { params: { tenant: request.tenant, model: request.model }, query });
  return new Promise((resolve, reject) => {
    const http = new XMLHttpRequest();
    const abort = (): void => http.abort();
    request.signal.addEventListener('abort', abort, { once: true });
    http.open('POST', `${request.url}${path}`);
    for (const [name, value] of Object.entries(request.headers)) http.setRequestHeader(name, value);
    http.setRequestHeader('content-type', 'application/octet-stream');
    http.responseType = 'json';
    http.upload.onprogress = event => request.onProgress(event.loaded);
    http.onload = () => (http.status === 201 ? resolve(unsafeVersion(http.response)) : reject(problemFromAnswer(http.status, http.response)));
    http.onerror = () => reject(new Problem('unavailable', { detail: 'The connection was lost before the file had arrived.', hint: 'Try again.' }));
    http.onabort = () => reject(request.signal.reason);
    http.onloadend = () => request.signal.removeEventListener('abort', abort);
    http.send(request.file);
  });
}

/** The service answered as its contract says. */
function unsafeVersion(value: unknown): ModelVersion {
  return value as ModelVersion;
}
