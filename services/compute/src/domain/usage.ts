import type { BodyOf } from '@stratalab/contracts';
import type { controlRoutes } from '@stratalab/contracts/control';
import type { Amounts } from './amounts.ts';

const intervalMs = 5 * 60_000;
const mibPerGiB = 1024;

type UsageEntry = BodyOf<typeof controlRoutes.recordUsage>['entries'][number];

export interface UsageSpan {
  readonly urn: string;
  readonly attempt: number;
  readonly subject: string;
  readonly holds: Amounts;
  readonly from: string;
  readonly to: string;
}

/**
 * Where the interval that begins at `from` ends: after five minutes, or earlier when the attempt ended; `undefined` while it is not over.
 * The borders depend on nothing but the attempt, so an interval that is recorded twice is the same interval.
 */
export function intervalEnd(from: string, now: Date, endedAt: string | undefined): string | undefined {
  const full = new Date(from).getTime() + intervalMs;
  const end = endedAt === undefined ? Number.POSITIVE_INFINITY : new Date(endedAt).getTime();
  if (end <= full) return new Date(Math.max(end, new Date(from).getTime())).toISOString();
  return full <= now.getTime() ? new Date(full).toISOString() : undefined;
}

/** What a gang used in one interval, per meter. */
export function usageOf(span: UsageSpan): UsageEntry[] {
  const seconds = (new Date(span.to).getTime() - new Date(span.from).getTime()) / 1000;
  const common = { intervalId: `${span.urn}:${span.attempt}:${span.from}`, subject: span.subject, objectUrn: span.urn, from: span.from, to: span.to };
  const amounts = [
    { meter: 'cpu-seconds', amount: span.holds.cpu * seconds },
    { meter: 'memory-gib-seconds', amount: (span.holds.memoryMiB / mibPerGiB) * seconds },
    { meter: 'gpu-seconds', amount: span.holds.gpu * seconds }
  ] as const;
  return amounts.filter(({ amount }) => amount > 0).map(entry => ({ ...common, ...entry }));
}
