import { isProblemCode, Problem } from '@stratalab/contracts';

const byStatus: Readonly<Record<number, 'unauthenticated' | 'forbidden' | 'not-found' | 'too-many-requests' | 'unavailable' | 'timed-out'>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  429: 'too-many-requests',
  502: 'unavailable',
  503: 'unavailable',
  504: 'timed-out'
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/**
 * Reads a failed answer back into the `Problem` the service threw.
 * Answers of something in between (a proxy, a Hub that restarts) become `unavailable` or the nearest code.
 */
export function problemFromAnswer(status: number, body: unknown): Problem {
  if (isRecord(body) && typeof body['code'] === 'string' && isProblemCode(body['code'])) {
    const { type: _type, title: _title, status: _status, code, retryable: _retryable, ...details } = body;
    return new Problem(code, details);
  }
  return new Problem(byStatus[status] ?? 'internal', { detail: `The service answered ${status}.` });
}
