import { isRecord } from '../objects/read-object.ts';

/** A request that got no use out of the API server. `status` 0: nobody answered. */
export interface Failure {
  readonly status: number;
  readonly reason: string;
  readonly retryAfterMs?: number;
}

/** `Retry-After` in seconds or as a date. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^[0-9]+$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** A `Status` object: the body of a refused request, and of an ERROR event within a watch. */
export function failureOf(status: unknown, fallbackCode: number): Failure {
  if (!isRecord(status)) return { status: fallbackCode, reason: `answered ${fallbackCode}` };
  const { code, message, details } = status;
  const seconds = isRecord(details) ? details['retryAfterSeconds'] : undefined;
  return {
    status: typeof code === 'number' ? code : fallbackCode,
    reason: typeof message === 'string' ? message.slice(0, 500) : `answered ${fallbackCode}`,
    ...(typeof seconds === 'number' && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {})
  };
}

/** 410: the version, or the place within a list, is too old. */
export const isExpired = ({ status }: Failure): boolean => status === 410;
