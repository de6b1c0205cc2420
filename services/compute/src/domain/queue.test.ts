import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fits, nothing, plus, times, type Amounts } from './amounts.ts';
import { freeDevices, orderQueue, planQueue, type QueueState, type WaitingJob } from './queue.ts';

const now = new Date('2026-01-01T00:00:00Z');
const each = fc.record({ cpu: fc.integer({ min: 1, max: 40 }).map(tenths => tenths / 10), memoryMiB: fc.integer({ min: 64, max: 4096 }), gpu: fc.integer({ min: 0, max: 2 }) });
const tenant = fc.constantFrom('alpha', 'beta', 'gamma');
const waiting = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-z]{6}$/),
    tenant,
    priority: fc.integer({ min: -10, max: 10 }),
    createdAt: fc.integer({ min: 0, max: 50 }).map(second => new Date(now.getTime() - second * 1000).toISOString()),
    processes: fc.integer({ min: 1, max: 4 }),
    perProcess: each,
    notBefore: fc.option(fc.integer({ min: -20, max: 20 }).map(second => new Date(now.getTime() + second * 1000).toISOString()))
  }),
  { selector: ({ id }) => id, maxLength: 12 }
);
const state: fc.Arbitrary<QueueState> = fc
  .record({ waiting, holding: fc.array(fc.record({ tenant, needs: each }), { maxLength: 4 }), extra: each })
  .map(({ waiting: jobs, holding, extra }) => ({ waiting: jobs, holding, now, capacity: plus(sum(holding.map(({ needs }) => needs)), extra) }));

function sum(all: readonly Amounts[]): Amounts {
  return all.reduce(plus, nothing);
}

describe('the plan of the queue', () => {
  test('P5 what may start fits together with what runs, whole gangs only', () => {
    fc.assert(
      fc.property(state, given => {
        const started = planQueue(given).jobs.filter(({ mayStart }) => mayStart);
        const held = sum([...given.holding.map(({ needs }) => needs), ...started.map(({ needs }) => needs)]);
        expect(fits(held, given.capacity)).toBe(true);
        for (const { job, needs } of started) expect(needs).toEqual(times(job.perProcess, job.processes));
      })
    );
  });

  test('every job has one place, and only what waits has a reason', () => {
    fc.assert(
      fc.property(state, given => {
        const { jobs } = planQueue(given);
        expect(jobs.map(({ place }) => place)).toEqual(given.waiting.map((_job, index) => index + 1));
        expect(new Set(jobs.map(({ job }) => job.id)).size).toBe(given.waiting.length);
        for (const { mayStart, reason } of jobs) expect(reason === '').toBe(mayStart);
      })
    );
  });

  test('nobody overtakes a job that waits for slots', () => {
    fc.assert(
      fc.property(state, given => {
        const { jobs } = planQueue(given);
        const blocked = jobs.findIndex(({ reason }) => reason.startsWith('Waiting for free slots'));
        if (blocked >= 0) expect(jobs.slice(blocked).every(({ mayStart }) => !mayStart)).toBe(true);
      })
    );
  });

  test('inside a tenant the order is priority, then age, whatever others do', () => {
    fc.assert(
      fc.property(state, given => {
        const ready = orderQueue(given).filter(({ notBefore }) => notBefore === null || new Date(notBefore) <= now);
        for (const name of ['alpha', 'beta', 'gamma']) {
          const own = ready.filter(job => job.tenant === name);
          const alone = orderQueue({ ...given, waiting: own });
          expect(own.map(({ id }) => id)).toEqual(alone.map(({ id }) => id));
          own.slice(1).forEach((job, index) => expect(own[index]?.priority ?? 0).toBeGreaterThanOrEqual(job.priority));
        }
      })
    );
  });

  test('a priority moves nothing of another tenant', () => {
    fc.assert(
      fc.property(state, given => {
        const places = (jobs: readonly WaitingJob[]): (string | undefined)[] => orderQueue({ ...given, waiting: jobs }).map(job => (job.tenant === 'beta' ? job.id : undefined));
        const alphaOnly = given.waiting.filter(job => job.tenant === 'alpha');
        const oldest = alphaOnly.map(({ createdAt }) => createdAt).sort()[0];
        // All of alpha at one age: only then is its share of the order independent of who stands where in it.
        const level = given.waiting.map(job => (job.tenant === 'alpha' && oldest !== undefined ? { ...job, createdAt: oldest, notBefore: null } : job));
        const raised = level.map((job, index) => (job.tenant === 'alpha' ? { ...job, priority: (index % 21) - 10 } : job));
        const shape = (jobs: readonly WaitingJob[]): number[] => places(jobs).flatMap((id, index) => (id === undefined ? [] : [index]));
        if (new Set(level.map(({ createdAt }) => createdAt)).size === level.length) expect(shape(raised)).toEqual(shape(level));
      })
    );
  });

  test('what it says would help does help', () => {
    fc.assert(
      fc.property(state, given => {
        for (const { job, wouldStartIf } of planQueue(given).jobs) {
          const processes = Number(/^it had (\d+) process/.exec(wouldStartIf ?? '')?.[1]);
          if (Number.isNaN(processes)) continue;
          const smaller = given.waiting.map(other => (other.id === job.id ? { ...other, processes } : other));
          expect(planQueue({ ...given, waiting: smaller }).jobs.find(planned => planned.job.id === job.id)?.mayStart).toBe(true);
        }
      })
    );
  });

  test('the smaller ask starts when it is asked for instead', () => {
    fc.assert(
      fc.property(state, given => {
        for (const { job, smallerAsk } of planQueue(given).jobs) {
          if (smallerAsk === null) continue;
          const smaller = given.waiting.map(other => (other.id === job.id ? { ...other, ...smallerAsk } : other));
          expect(planQueue({ ...given, waiting: smaller }).jobs.find(planned => planned.job.id === job.id)?.mayStart).toBe(true);
        }
      })
    );
  });

  test('a tenant with many jobs lets the first of another pass', () => {
    const job = (id: string, name: string, second: number): WaitingJob => ({
      ...{ id, tenant: name, priority: 0, processes: 1, notBefore: null, perProcess: { cpu: 1, memoryMiB: 64, gpu: 0 } },
      createdAt: new Date(now.getTime() + second * 1000).toISOString()
    });
    const many = ['a1', 'a2', 'a3'].map((id, index) => job(id, 'alpha', index));
    expect(orderQueue({ waiting: [...many, job('b1', 'beta', 10)], holding: [], now }).map(({ id }) => id)).toEqual(['a1', 'b1', 'a2', 'a3']);
    const holding = [{ tenant: 'alpha', needs: { cpu: 1, memoryMiB: 64, gpu: 0 } }];
    expect(orderQueue({ waiting: [...many, job('b1', 'beta', 10)], holding, now }).map(({ id }) => id)).toEqual(['b1', 'a1', 'a2', 'a3']);
  });

  test('devices are given to one job only', () => {
    expect(freeDevices(4, [1], 2)).toEqual([0, 2]);
  });
});
