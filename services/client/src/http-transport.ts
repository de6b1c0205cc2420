import { Problem } from '@stratalab/contracts';
import type { Transport } from './transport.ts';

export interface HttpTransportOptions {
  /** Where the services live, with their prefix and without a trailing slash. */
  readonly baseUrl: string;
  readonly headers: () => Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

const defaultTimeoutMs = 30_000;

/** Transport over HTTP by `fetch`; used by the browser, by other processes and by tests. No answer is `unavailable` or `timed-out`; a caller's own abort stays one. */
export function createHttpTransport(options: HttpTransportOptions): Transport {
  const request = options.fetch ?? fetch;
  return async ({ method, path, headers, body, signal }) => {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
    const failed = (cause: unknown): never => {
      if (signal?.aborted === true) throw cause;
      if (timeout.aborted) throw new Problem('timed-out', { detail: 'The platform did not answer in time.', cause });
      throw new Problem('unavailable', { detail: 'The platform cannot be reached right now.', cause });
    };
    const sent = request(`${options.baseUrl}${path}`, {
      method,
      headers: { ...options.headers(), ...headers },
      ...(body === undefined ? {} : { body }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout])
    });
    const answer = await sent.catch(failed);
    // It may break off here, too.
    const text = await answer.text().catch(failed);
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: parseJson(text) };
  };
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
