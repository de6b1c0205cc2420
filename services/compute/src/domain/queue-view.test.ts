import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { QueueRow } from './queue-row.ts';
import { queueState } from '../usecases/read-queue.ts';
import { planQueue, type PlannedJob } from './queue.ts';
import { heldInOrder, runningEntries, waitingEntries } from './queue-view.ts';

const now = new Date('2026-01-01T00:00:00Z');
const row: fc.Arbitrary<QueueRow> = fc
  .record({
    id: fc.stringMatching(/^[0-9a-z]{26}$/),
    tenant: fc.constantFrom('alpha', 'beta', 'gamma'),
    state: fc.constantFrom('queued' as const, 'starting' as const, 'running' as const),
    isHeld: fc.boolean(),
    priority: fc.integer({ min: -10, max: 10 }),
    processes: fc.integer({ min: 1, max: 4 })
  })
  .map(({ isHeld, processes, ...given }) => ({
    ...given,
    ...{
      name: `secret-of-${given.tenant}`,
      created_by: `person-of-${given.tenant}`,
      created_at: now.toISOString(),
      started_at: null,
      handed_at: null,
      not_before: null,
      place: null
    },
    ...{ cpu: processes, memory_mib: 64 * processes, gpu: 0, smaller_ask: null, gpu_devices: [] },
    wait_reason: given.state === 'starting' && isHeld ? 'No node fits.' : null,
    spec: { processes, resourcesPerProcess: { cpu: 1, memoryMiB: 64, gpu: 0 } }
  }));
const rows = fc.uniqueArray(row, { selector: ({ id }) => id, maxLength: 20 });
const planOf = (given: readonly QueueRow[]): readonly PlannedJob[] =>
  planQueue(queueState(given, { capacity: { cpu: 4, memoryMiB: 4096, gpu: 0 }, now, quotaReason: () => undefined })).jobs;

describe('the queue as one tenant sees it', () => {
  test('T02 nothing of another tenant is in it, whatever its jobs are called', () => {
    fc.assert(
      fc.property(rows, given => {
        const told = JSON.stringify([waitingEntries('alpha', given, planOf(given)), runningEntries('alpha', given)]);
        for (const { tenant, id, name, created_by: person } of given) {
          if (tenant === 'alpha') continue;
          for (const word of [id, name, person]) expect(told).not.toContain(word);
        }
      })
    );
  });

  test('every job of the tenant is in one list, and each waiting one knows how many are before it', () => {
    fc.assert(
      fc.property(rows, given => {
        const waiting = waitingEntries('alpha', given, planOf(given));
        const running = runningEntries('alpha', given);
        const own = given.filter(({ tenant }) => tenant === 'alpha').map(({ id }) => id);
        expect([...waiting, ...running].map(({ id }) => id).sort()).toEqual([...own].sort());
        for (const { place, ahead } of waiting) {
          expect(ahead.own + ahead.others).toBe(place - 1);
          expect(ahead.needs.cpu).toBeGreaterThanOrEqual(place - 1);
        }
        expect(new Set(waiting.map(({ place }) => place)).size).toBe(waiting.length);
      })
    );
  });

  test('what the cluster holds back comes by priority, then age, and holds no slots meanwhile', () => {
    fc.assert(
      fc.property(rows, given => {
        const held = heldInOrder(given, 'alpha');
        held.slice(1).forEach((later, index) => expect(held[index]?.priority ?? 0).toBeGreaterThanOrEqual(later.priority));
        const { holding } = queueState(given, { capacity: { cpu: 4, memoryMiB: 4096, gpu: 0 }, now, quotaReason: () => undefined });
        expect(holding.length).toBe(given.filter(({ state, wait_reason: reason }) => state !== 'queued' && reason === null).length);
      })
    );
  });
});
