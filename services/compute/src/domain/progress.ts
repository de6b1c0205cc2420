import type { Progress, ProgressReport } from '@stratalab/contracts/compute';
import { parseProgressLine } from './parse-progress.ts';

export interface MetricPoint {
  readonly name: string;
  readonly step: number;
  readonly value: number;
}

export interface Advance {
  readonly progress: Progress;
  readonly points: readonly MetricPoint[];
  readonly nextStep: number;
}

export interface Standing {
  readonly progress: Progress | null;
  /** x of the next point that comes without one. */
  readonly nextStep: number;
  readonly startedAt: string | null;
  readonly now: Date;
}

const mostMetrics = 30;

/** Progress after the lines of a log; `undefined` when they say nothing. */
export function advanceByLines(standing: Standing, lines: readonly string[]): Advance | undefined {
  let { nextStep } = standing;
  const points: MetricPoint[] = [];
  let latest: { fraction?: number; message?: string; etaSeconds?: number } | undefined;
  for (const line of lines) {
    const parsed = parseProgressLine(line);
    if (parsed === undefined) continue;
    const { points: seen, ...found } = parsed;
    if (found.fraction !== undefined) latest = found;
    if (seen.length === 0) continue;
    const step = seen[0]?.step ?? nextStep;
    for (const { name, value } of seen) points.push({ name, step, value });
    nextStep = Math.max(nextStep, step) + 1;
  }
  if (latest === undefined && points.length === 0) return undefined;
  return { progress: merge(standing, { ...latest, points }), points, nextStep };
}

/** Progress after a report the job sent itself. */
export function advanceByReport(standing: Standing, { trainerStatus }: ProgressReport): Advance {
  const { progressPercentage, estimatedRemainingSeconds, message, step: given, metrics = [] } = trainerStatus;
  const step = given ?? standing.nextStep;
  const points = metrics.map(({ name, value }) => ({ name, value, step }));
  const progress = merge(standing, {
    points,
    ...(typeof progressPercentage === 'number' ? { fraction: progressPercentage / 100 } : {}),
    ...(typeof estimatedRemainingSeconds === 'number' ? { etaSeconds: estimatedRemainingSeconds } : {}),
    ...(typeof message === 'string' ? { message } : {})
  });
  return { progress, points, nextStep: points.length === 0 ? standing.nextStep : Math.max(standing.nextStep, step) + 1 };
}

interface Found {
  readonly fraction?: number;
  readonly message?: string;
  readonly etaSeconds?: number;
  readonly points: readonly MetricPoint[];
}

function merge(standing: Standing, found: Found): Progress {
  const metrics = new Map((standing.progress?.metrics ?? []).map(metric => [metric.name, metric.value]));
  for (const { name, value } of found.points) if (metrics.has(name) || metrics.size < mostMetrics) metrics.set(name, value);
  const fraction = found.fraction ?? standing.progress?.fraction ?? null;
  return {
    fraction,
    message: found.message ?? standing.progress?.message ?? null,
    etaSeconds: found.etaSeconds ?? estimate(fraction, standing),
    metrics: [...metrics].map(([name, value]) => ({ name, value })),
    updatedAt: standing.now.toISOString()
  };
}

/** Remaining time if the rest goes as the part that is done: elapsed · (1 - f) / f. */
export function estimate(fraction: number | null, { startedAt, now }: Pick<Standing, 'startedAt' | 'now'>): number | null {
  if (fraction === null || fraction <= 0 || startedAt === null) return null;
  const elapsedSeconds = Math.max(0, (now.getTime() - new Date(startedAt).getTime()) / 1000);
  return Math.round((elapsedSeconds * (1 - fraction)) / fraction);
}
