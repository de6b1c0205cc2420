import { Problem } from '@stratalab/contracts';
import { request } from 'undici';
import { assertVersion } from './ray-version.ts';

export type RayJobStatus = 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED';

/** A submitted job as the head tells it. */
export interface RaySubmission {
  readonly submissionId: string;
  readonly status: RayJobStatus;
  readonly message: string;
}

/** The Ray Jobs REST interface of one head; expected answers are values, a head that cannot be reached is `unavailable`. */
export interface RayClient {
  /** @throws invalid-state for a version that cannot be asked for a token */
  version(): Promise<string>;
  /** Idempotent by its id. @returns false when the head has this id already */
  submit(job: { readonly submissionId: string; readonly entrypoint: string; readonly metadata: Readonly<Record<string, string>> }): Promise<boolean>;
  read(submissionId: string): Promise<RaySubmission | undefined>;
  /** All submissions the head remembers. */
  list(): Promise<readonly RaySubmission[]>;
  /** What the driver itself wrote, from a byte offset; at most `limitBytes`. Empty for an id the head does not know. */
  logs(submissionId: string, piece: { readonly offset: number; readonly limitBytes: number }): Promise<string>;
  /** Asks the driver to end, kills it some seconds later; idempotent. */
  stop(submissionId: string): Promise<void>;
  /** Makes the head forget a submission that is over; idempotent. */
  remove(submissionId: string): Promise<void>;
}

export interface RayClientOptions {
  /** Address of the dashboard, `http://host:8265`. */
  readonly address: string;
  /** Read for every call, so that a new token counts at once; absent: the head asks for none. */
  readonly token?: () => Promise<string>;
}

const callMs = 30_000;
const statuses: readonly RayJobStatus[] = ['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED'];

export function createRayClient(options: RayClientOptions): RayClient {
  const call = (path: string, init: { readonly method?: Outgoing['method']; readonly body?: object } = {}) => ask(options, path, init);
  const job = (submissionId: string): string => `/api/jobs/${encodeURIComponent(submissionId)}`;
  const read = async (submissionId: string): Promise<RaySubmission | undefined> => {
    const { status, body } = await call(job(submissionId));
    return status === 404 ? undefined : submissionOf(body);
  };
  return {
    async version() {
      const version = fieldOf((await call('/api/version')).body, 'ray_version');
      assertVersion(version);
      return version;
    },
    async submit({ submissionId, entrypoint, metadata }) {
      if ((await read(submissionId)) !== undefined) return false;
      const { status } = await call('/api/jobs/', { method: 'POST', body: { submission_id: submissionId, entrypoint, metadata } });
      if (status < 300) return true;
      // Somebody else may have been faster; the head says so with a plain 400 or 500.
      if ((await read(submissionId)) !== undefined) return false;
      throw new Problem('unavailable', { detail: `The Ray cluster did not take the job (${status}).`, retryAfterSeconds: 10 });
    },
    read,
    async list() {
      const { body } = await call('/api/jobs/');
      return Array.isArray(body) ? body.flatMap((item: unknown) => submissionOf(item) ?? []) : [];
    },
    async logs(submissionId, { offset, limitBytes }) {
      const { status, body } = await call(`${job(submissionId)}/logs`);
      // The head sends the whole of it every time.
      return status === 404
        ? ''
        : Buffer.from(fieldOf(body, 'logs'))
            .subarray(offset, offset + limitBytes)
            .toString('utf8');
    },
    stop: async submissionId => void (await call(`${job(submissionId)}/stop`, { method: 'POST' })),
    remove: async submissionId => void (await call(job(submissionId), { method: 'DELETE' }))
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function ask(
  { address, token }: RayClientOptions,
  path: string,
  { method = 'GET', body }: { readonly method?: Outgoing['method']; readonly body?: object }
): Promise<Answer> {
  const credential = await token?.();
  const answer = await reach(`${address.replace(/\/$/, '')}${path}`, {
    method,
    headers: {
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential.trim()}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' })
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  });
  if (answer.status === 401 || answer.status === 403) {
    throw new Problem('unavailable', {
      detail: 'The Ray cluster does not accept our token.',
      hint: 'Ask an operator of this installation to look at the token of the Ray cluster.',
      retryAfterSeconds: 60
    });
  }
  return { status: answer.status, body: parsed(answer.text) };
}

interface Outgoing {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Not `fetch`: it speaks like a browser, and to browsers the head refuses everything that changes something. */
async function reach(url: string, outgoing: Outgoing): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const { statusCode, body } = await request(url, { ...outgoing, signal: AbortSignal.timeout(callMs) });
    return { status: statusCode, text: await body.text() };
  } catch (cause) {
    throw new Problem('unavailable', { detail: 'The Ray cluster does not answer right now.', retryAfterSeconds: 5, cause });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function submissionOf(value: unknown): RaySubmission | undefined {
  const status = statuses.find(known => known === fieldOf(value, 'status'));
  const submissionId = fieldOf(value, 'submission_id');
  return status === undefined || submissionId === '' ? undefined : { submissionId, status, message: fieldOf(value, 'message') };
}

function fieldOf(value: unknown, name: string): string {
  const field: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof field === 'string' ? field : '';
}
