import type { UsageSum } from '@stratalab/contracts/control';
import type { ChartSeries } from '@stratalab/lab-kit';

const dayMs = 86_400_000;

export interface DateRange {
  /** First and last day, `YYYY-MM-DD`, both included. */
  readonly from: string;
  readonly to: string;
}

/** The last `days` days up to and including the day of `nowMs` (UTC). */
export function lastDays(days: number, nowMs: number): DateRange {
  const day = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);
  return { from: day(nowMs - (days - 1) * dayMs), to: day(nowMs) };
}

/** One line for a meter, with a point for every day of the range: a day without use is zero, not a gap. */
export function dailySeries(sums: readonly UsageSum[], meter: string, range: DateRange, label: string): ChartSeries {
  const byDay = new Map(sums.filter(sum => sum.meter === meter).map(sum => [sum.key, sum.amount]));
  const points: { x: number; y: number }[] = [];
  for (let timeMs = Date.parse(range.from); timeMs <= Date.parse(range.to); timeMs += dayMs) {
    points.push({ x: timeMs / 1000, y: byDay.get(new Date(timeMs).toISOString().slice(0, 10)) ?? 0 });
  }
  return { label, points };
}

/** Meters that have any use, in the order of their first appearance. */
export function metersIn(sums: readonly UsageSum[]): readonly string[] {
  return [...new Set(sums.map(({ meter }) => meter))];
}
