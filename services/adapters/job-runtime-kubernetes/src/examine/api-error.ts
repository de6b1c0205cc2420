import { ApiException } from '@kubernetes/client-node';

/** Status of a refusal of the API server; `undefined` when it did not answer at all. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ApiException ? error.code : undefined;
}

/** What the API server or the line said, in one sentence. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiException) return messageIn(error.body) ?? `it answers ${error.code}`;
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}

/** The body of a refusal is a Status object, parsed or as text. */
function messageIn(body: unknown): string | undefined {
  if (typeof body === 'string') {
    const match = /"message":"((?:[^"\\]|\\.)*)"/.exec(body);
    return match?.[1]?.replaceAll('\\"', '"');
  }
  if (typeof body !== 'object' || body === null || !('message' in body)) return undefined;
  return String(body.message);
}
