import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planArrivals, type PlannedJob } from './arrivals.ts';
import { fairShares, jainIndex } from './fairness.ts';
import { duration, reportOf } from './report.ts';
import type { ScenarioDocument } from './scenario-schema.ts';
import { percentile, summarise } from './statistics.ts';
import { amountOf, type JobTry } from './timeline.ts';

const scenario: ScenarioDocument = {
  ...{ seed: 3, durationMinutes: 60, pools: [{ name: 'gpu', nodes: 1, perNode: { cpu: 10, memoryGiB: 10, gpu: 4 } }], tenants: [{ name: 'a' }, { name: 'b' }] },
  arrivals: [
    { tenant: 'a', perHour: 60, processes: { from: 1, to: 3 }, perProcess: { cpu: 1, memoryGiB: 1, gpu: 1 }, minutes: { mean: 10 }, failing: 0.5 },
    { tenant: 'b', burst: { atMinute: 5, jobs: 3 }, processes: 1, perProcess: { cpu: 1, memoryGiB: 1 }, minutes: 2 }
  ]
};

describe('arrivals', () => {
  test('are the same for the same seed, others for another, and those of one stream do not move when another changes', () => {
    const plan = planArrivals(scenario);
    expect(planArrivals(scenario)).toEqual(plan);
    expect(planArrivals({ ...scenario, seed: 4 })).not.toEqual(plan);
    const ofA = (jobs: readonly PlannedJob[]) => jobs.filter(job => job.tenant === 'a').map(({ arrivesAt, runsFor }) => [arrivesAt, runsFor]);
    const [first, second] = scenario.arrivals;
    if (first === undefined || second === undefined) throw new Error('two streams');
    expect(ofA(planArrivals({ ...scenario, arrivals: [first, { ...second, minutes: 9 }] }))).toEqual(ofA(plan));
  });

  test('come at the rate, in the time and in the sizes that were asked for', () => {
    const plan = planArrivals({ ...scenario, durationMinutes: 3_000 });
    const ofA = plan.filter(job => job.tenant === 'a');
    expect(ofA.length).toBeGreaterThan(2_700);
    expect(ofA.length).toBeLessThan(3_300);
    expect(Math.max(...plan.map(({ arrivesAt }) => arrivesAt))).toBeLessThan(180_000);
    expect(new Set(ofA.map(({ processes }) => processes))).toEqual(new Set([1, 2, 3]));
    expect(plan.filter(job => job.tenant === 'b').map(({ arrivesAt, runsFor }) => [arrivesAt, runsFor])).toEqual([...Array(3)].map(() => [300, 120]));
    expect(plan.map(({ arrivesAt }) => arrivesAt)).toEqual(plan.map(({ arrivesAt }) => arrivesAt).sort((a, b) => a - b));
  });
});

describe('fairness', () => {
  test('what one does not want goes to the others, by weight', () => {
    expect(
      fairShares([
        { wanted: 0.1, weight: 1 },
        { wanted: 2, weight: 2 },
        { wanted: 2, weight: 1 }
      ])
    ).toEqual([0.1, 0.6, 0.3].map(share => expect.closeTo(share, 9)));
    expect(fairShares([{ wanted: 0, weight: 5 }])).toEqual([0]);
  });

  test('nobody gets more than they want, and all is shared out when all is wanted', () => {
    const claim = fc.record({ wanted: fc.double({ min: 0, max: 2, noNaN: true }), weight: fc.double({ min: 0.1, max: 10, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 8 }), claims => {
        const shares = fairShares(claims);
        const total = shares.reduce((sum, share) => sum + share, 0);
        const wanted = claims.reduce((sum, given) => sum + given.wanted, 0);
        expect(shares.every((share, index) => share >= 0 && share <= (claims[index]?.wanted ?? 0) + 1e-9)).toBe(true);
        expect(total).toBeCloseTo(Math.min(1, wanted), 6);
      })
    );
  });

  test("Jain's index is one for equals and 1/n for one that has everything", () => {
    expect([jainIndex([2, 2, 2]), jainIndex([1, 0, 0, 0]), jainIndex([])]).toEqual([1, 0.25, 1]);
  });
});

describe('the result of a run', () => {
  const job = (index: number, tenant: string, gpu: number): PlannedJob => ({
    ...{ index, tenant, stream: 's', arrivesAt: 0, processes: 1, perProcess: { cpu: 1, memoryGiB: 1, gpu }, runsFor: 1800, isFailing: false, pool: undefined, priority: 0 }
  });
  const ran = (from: number, to: number, end: JobTry['end'] = 'succeeded'): JobTry => ({ submittedAt: 0, startedAt: from, endedAt: to, ...(end === undefined ? {} : { end }) });
  const result = summarise(
    'as it is',
    scenario,
    {
      ...{ arrivalSeconds: 3600, endSeconds: 5400 },
      jobs: [
        { job: job(0, 'a', 4), tries: [ran(0, 900, 'preempted'), { ...ran(3600, 5400), submittedAt: 900 }], outcome: 'succeeded' },
        { job: job(1, 'b', 4), tries: [ran(900, 2700)], outcome: 'succeeded' },
        { job: job(2, 'b', 4), tries: [{ submittedAt: 0 }], outcome: 'unfinished' }
      ]
    },
    new Map()
  );

  test('counts waits, losses and outcomes of each tenant', () => {
    expect(result.tenants.map(({ succeeded, unfinished, preempted, waiting }) => [succeeded, unfinished, preempted, waiting.p50Seconds, waiting.maxSeconds])).toEqual([
      [1, 0, 1, 0, 0],
      [1, 1, 0, 900, 5400]
    ]);
  });

  test('integrates what was held over the time in which jobs arrived', () => {
    expect(result.gpuUtilisation).toBeCloseTo(0.75);
    expect(result.scarce).toBe('gpu');
    expect(result.tenants.map(({ heldShare, entitledShare }) => [heldShare, entitledShare])).toEqual([
      [expect.closeTo(0.25), expect.closeTo(0.5)],
      [expect.closeTo(0.5), expect.closeTo(0.5)]
    ]);
    expect(result.fairness).toBeCloseTo(0.9);
  });

  test('is a table with a column for each run', () => {
    const text = reportOf([result, { ...result, name: 'more for b' }]);
    expect(text.split('\n')[0]).toMatch(/^ +as it is +more for b$/);
    expect(text).toMatch(/waited p50 \/ p95 \/ max +15 min \/ 1 h 30 min \/ 1 h 30 min/);
    expect(text).toMatch(/held of entitled GPU +50 % of 50 % +50 % of 50 %/);
  });
});

test('a MIG slice is its part of a GPU, and percentiles are of the nearest rank', () => {
  expect(amountOf({ processes: 2, perProcess: { cpu: 1, memoryGiB: 1, mig: { '1g.18gb': 7 } } }, 'gpu')).toBeCloseTo(2);
  expect([percentile([1, 2, 3, 4], 0.5), percentile([5], 0.95), percentile([], 0.5)]).toEqual([2, 5, 0]);
  expect([45, 720, 12_000].map(duration)).toEqual(['45 s', '12 min', '3 h 20 min']);
});
