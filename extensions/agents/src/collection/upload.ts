import { Problem } from '@stratalab/contracts';
import { agentsRoutes, documentLimitBytes, type Document } from '@stratalab/contracts/agents';
import { urlOf } from '@stratalab/client';
import { asProblem, formatBytes, type SuiteContext } from '@stratalab/lab-kit';

export interface UploadTarget {
  readonly tenant: string;
  readonly collection: string;
}

export interface UploadProgress {
  readonly name: string;
  /** 0..1 of the bytes. */
  readonly share: number;
  readonly problem: Problem | undefined;
  readonly isDone: boolean;
}

/**
 * Sends files one after the other and tells how far each is; a file that is refused does not stop the next. XMLHttpRequest, because `fetch`
 * does not tell how much was sent.
 */
export async function uploadFiles(suite: SuiteContext, target: UploadTarget, files: readonly File[], onProgress: (all: readonly UploadProgress[]) => void): Promise<void> {
  const all: UploadProgress[] = files.map(file => ({ name: file.name, share: 0, problem: undefined, isDone: false }));
  const tell = (index: number, change: Partial<UploadProgress>): void => {
    all[index] = { name: files[index]?.name ?? '', share: 0, problem: undefined, isDone: false, ...all[index], ...change };
    onProgress([...all]);
  };
  onProgress([...all]);
  for (const [index, file] of files.entries()) {
    try {
      if (file.size > documentLimitBytes) {
        throw new Problem('payload-too-large', { detail: `${file.name} has ${formatBytes(file.size)}; a document may have ${formatBytes(documentLimitBytes)}.` });
      }
      await send(suite, target, file, share => tell(index, { share }));
      tell(index, { share: 1, isDone: true });
    } catch (error) {
      tell(index, { problem: asProblem(error), isDone: true });
    }
  }
}

function send(suite: SuiteContext, target: UploadTarget, file: File, onShare: (share: number) => void): Promise<Document> {
  const path = urlOf(agentsRoutes.uploadDocument, { params: { ...target }, query: { name: file.name } });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${suite.stratalab.url}${path}`);
    for (const [name, value] of Object.entries(suite.stratalab.authorization())) request.setRequestHeader(name, value);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = event => onShare(event.total === 0 ? 0 : event.loaded / event.total);
    request.onerror = () => reject(new Problem('unavailable', { detail: 'The connection was lost.', hint: 'Check your connection, then add the file again.' }));
    request.onload = () => {
      if (request.status < 400) resolve(request.response as Document);
      else reject(problemOf(request.response));
    };
    request.send(file);
  });
}

function problemOf(body: unknown): Problem {
  const text = (name: string): string | undefined => {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const detail = text('detail') ?? text('title') ?? 'The file was not taken.';
  const hint = text('hint');
  return new Problem('invalid-request', { detail, ...(hint === undefined ? {} : { hint }) });
}
