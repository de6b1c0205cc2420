import { createRandom } from './random.ts';
import type { ScenarioAmounts, ScenarioArrivals, ScenarioDocument, Spread } from './scenario-schema.ts';

/** One job of a scenario: when it comes, what it asks for, how long it takes. Times in seconds of the scenario. */
export interface PlannedJob {
  readonly index: number;
  readonly tenant: string;
  readonly stream: string;
  readonly arrivesAt: number;
  readonly processes: number;
  readonly perProcess: ScenarioAmounts;
  readonly runsFor: number;
  /** Fails by itself half-way. */
  readonly isFailing: boolean;
  readonly pool: string | undefined;
  readonly priority: number;
}

/** All jobs of a scenario in the order in which they come; the same scenario with the same seed gives the same jobs. */
export function planArrivals(scenario: ScenarioDocument): readonly PlannedJob[] {
  const jobs = scenario.arrivals.flatMap((arrivals, index) => {
    // Each stream has numbers of its own, so a change of one leaves the others as they are.
    const random = createRandom((scenario.seed ?? 1) * 7919 + index);
    return momentsOf(arrivals, scenario.durationMinutes * 60, random).map(arrivesAt => ({
      tenant: arrivals.tenant,
      stream: arrivals.name ?? `${arrivals.tenant}-${index + 1}`,
      arrivesAt,
      processes: Math.max(1, Math.round(draw(arrivals.processes, random))),
      perProcess: arrivals.perProcess,
      runsFor: draw(arrivals.minutes, random) * 60,
      isFailing: random() < (arrivals.failing ?? 0),
      pool: arrivals.pool,
      priority: arrivals.priority ?? 0
    }));
  });
  return jobs.sort((a, b) => a.arrivesAt - b.arrivesAt).map((job, index) => ({ ...job, index }));
}

function momentsOf({ perHour, burst }: ScenarioArrivals, durationSeconds: number, random: () => number): readonly number[] {
  if (burst !== undefined) return Array.from({ length: burst.jobs }, () => burst.atMinute * 60);
  const moments: number[] = [];
  const meanGap = 3600 / (perHour ?? 1);
  for (let at = exponential(meanGap, random); at < durationSeconds; at += exponential(meanGap, random)) moments.push(at);
  return moments;
}

function draw(spread: Spread, random: () => number): number {
  if (typeof spread === 'number') return spread;
  if ('mean' in spread) return Math.min(exponential(spread.mean, random), spread.mean * 5);
  return spread.from + random() * (spread.to - spread.from);
}

function exponential(mean: number, random: () => number): number {
  return -mean * Math.log(1 - random());
}
