import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { backOffMs, firstStep, nextStep, type Outcome, type Step } from './next-step.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ type: fc.constant('listed' as const), version: fc.constant('7'), isSuspicious: fc.boolean() }),
  fc.record({ type: fc.constant('watched' as const), version: fc.constant('8'), livedMs: fc.integer({ min: 0, max: 900_000 }), isSilent: fc.boolean() }),
  fc.record({ type: fc.constant('expired' as const), livedMs: fc.integer({ min: 0, max: 900_000 }) }),
  fc.record({ type: fc.constant('failed' as const), retryAfterMs: fc.integer({ min: 0, max: 100_000 }) })
);

test('a pause is anywhere up to a bound that doubles to 30 s', () => {
  fc.assert(
    fc.property(fc.nat(1_000), random, (failures, chance) => {
      expect(backOffMs(failures, chance)).toBeGreaterThanOrEqual(0);
      expect(backOffMs(failures, chance)).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** failures));
    })
  );
});

test('whatever happens, something follows: a watch always has a version, and no pause is longer than 30 s or what the server asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(outcome, random), { maxLength: 50 }), story => {
      let step: Step = firstStep;
      for (const [seen, chance] of story) {
        step = nextStep(step, seen, chance);
        expect(step.action === 'list' || step.version !== '').toBe(true);
        expect(step.pauseMs).toBeLessThanOrEqual(Math.max(30_000, seen.type === 'failed' ? (seen.retryAfterMs ?? 0) * 1.1 + 1 : 0));
        if (seen.type === 'failed') expect(step.pauseMs).toBeGreaterThanOrEqual(seen.retryAfterMs ?? 0);
      }
    })
  );
});

test('F16 a server that accepts every list and refuses every watch is not asked in a circle without pauses', () => {
  let step: Step = firstStep;
  let paused = 0;
  for (let round = 0; round < 8; round += 1) {
    step = nextStep(step, { type: 'listed', version: '7', isSuspicious: false }, 0.5);
    step = nextStep(step, { type: 'expired', livedMs: 0 }, 0.5);
    paused += step.pauseMs;
  }
  expect(paused).toBeGreaterThan(30_000);
  // One watch that lived, and the pauses are forgotten.
  step = nextStep({ ...step, action: 'watch', version: '8' }, { type: 'expired', livedMs: 60_000 }, 0.5);
  expect(step).toMatchObject({ action: 'list', pauseMs: 0 });
});

test('after a long absence the list is not kept waiting', () => {
  let step: Step = { action: 'watch', version: '7', pauseMs: 0, failures: 0, expiries: 0 };
  for (let failure = 0; failure < 20; failure += 1) step = nextStep(step, { type: 'failed' }, 0.5);
  expect(nextStep(step, { type: 'expired', livedMs: 0 }, 0.5)).toMatchObject({ action: 'list', pauseMs: 0 });
});
