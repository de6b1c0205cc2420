import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JobCapacity } from '../ports/job-runtime.ts';
import { largestGang, smallerAsk, type GangSpace, type JobAsk, type Room } from './gang-fit.ts';

const tenths = (most: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: most }).map(value => value / 10);
const room: fc.Arbitrary<Room> = fc.record({
  cpu: tenths(80),
  memoryMiB: fc.integer({ min: 0, max: 8192 }),
  gpu: fc.integer({ min: 0, max: 4 }),
  processes: fc.option(fc.integer({ min: 0, max: 6 }))
});
const each: fc.Arbitrary<JobCapacity> = fc.record({
  cpu: fc.integer({ min: 1, max: 60 }).map(value => value / 10),
  memoryMiB: fc.integer({ min: 64, max: 6000 }),
  gpu: fc.integer({ min: 0, max: 3 })
});
const ask: fc.Arbitrary<JobAsk> = fc.record({ processes: fc.integer({ min: 1, max: 8 }), perProcess: each });
const open: Room = { cpu: Infinity, memoryMiB: Infinity, gpu: Infinity, processes: null };
const space: fc.Arbitrary<GangSpace> = fc.record({
  nodes: fc.array(room, { maxLength: 5 }),
  limit: fc.oneof(room, fc.constant(open)),
  overheadMiB: fc.constantFrom(0, 64)
});

/** Places one process after the other on the first node with room: says by itself, without counting, whether all of the gang starts. */
function starts({ processes, perProcess }: JobAsk, { nodes, limit, overheadMiB }: GangSpace): boolean {
  const left = [...nodes].map(node => ({ ...node }));
  const rest = { ...limit };
  const take = (from: { cpu: number; memoryMiB: number; gpu: number; processes: number | null }): boolean => {
    const cpu = Number((from.cpu - perProcess.cpu).toFixed(3));
    const memoryMiB = from.memoryMiB - perProcess.memoryMiB - overheadMiB;
    const gpu = from.gpu - perProcess.gpu;
    const slots = from.processes === null ? null : from.processes - 1;
    if (cpu < 0 || memoryMiB < 0 || gpu < 0 || (slots ?? 0) < 0) return false;
    Object.assign(from, { cpu, memoryMiB, gpu, processes: slots });
    return true;
  };
  return Array.from({ length: processes }).every(() => take(rest) && left.some(take));
}

describe('the smaller ask', () => {
  test('what is suggested really fits, whole processes on nodes and within the limit', () => {
    fc.assert(
      fc.property(ask, space, (asked, given) => {
        const smaller = smallerAsk(asked, given);
        if (smaller !== undefined) expect(starts(smaller, given)).toBe(true);
      }),
      { numRuns: 2000 }
    );
  });

  test('it asks for no more of anything, and what fits stays as it was asked for', () => {
    fc.assert(
      fc.property(ask, space, (asked, given) => {
        const smaller = smallerAsk(asked, given);
        if (starts(asked, given)) expect(smaller).toEqual(asked);
        if (smaller === undefined) return;
        expect(smaller.processes).toBeGreaterThanOrEqual(1);
        expect(smaller.processes).toBeLessThanOrEqual(asked.processes);
        for (const key of ['cpu', 'memoryMiB', 'gpu'] as const) expect(smaller.perProcess[key]).toBeLessThanOrEqual(asked.perProcess[key]);
      }),
      { numRuns: 2000 }
    );
  });

  test('one process more of the same size would not start', () => {
    fc.assert(
      fc.property(each, space, (perProcess, given) => {
        const most = largestGang(perProcess, given);
        if (most > 0 && most < 100) expect(starts({ processes: most, perProcess }, given)).toBe(true);
        if (most < 100) expect(starts({ processes: most + 1, perProcess }, given)).toBe(false);
      }),
      { numRuns: 2000 }
    );
  });

  test('fewer processes come before smaller ones, and a GPU is given up last', () => {
    const node = (gpu: number, cpu = 8): Room => ({ cpu, memoryMiB: 8192, gpu, processes: null });
    const given = { limit: open, overheadMiB: 0 };
    const asked = { processes: 4, perProcess: { cpu: 1, memoryMiB: 512, gpu: 2 } };
    expect(smallerAsk(asked, { ...given, nodes: [node(3), node(3)] })).toEqual({ ...asked, processes: 2 });
    expect(smallerAsk(asked, { ...given, nodes: [node(0, 64), node(1)] })).toEqual({ processes: 1, perProcess: { ...asked.perProcess, gpu: 1 } });
    expect(smallerAsk(asked, { ...given, nodes: [node(0)] })).toEqual({ processes: 4, perProcess: { ...asked.perProcess, gpu: 0 } });
    expect(smallerAsk(asked, { ...given, nodes: [] })).toBeUndefined();
  });
});
