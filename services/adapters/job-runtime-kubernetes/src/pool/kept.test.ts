import { expect, test } from '@jest/globals';
import { kept } from './kept.ts';

test('what takes long to read is read less often', async () => {
  const clock = { now: 0 };
  const took = { ms: 100 };
  let reads = 0;
  const read = kept(
    async () => {
      reads += 1;
      clock.now += took.ms;
    },
    { freshMs: 5_000, now: () => clock.now }
  );
  await read();
  clock.now = 4_999;
  await read();
  expect(reads).toBe(1);
  took.ms = 2_000;
  clock.now = 5_001;
  await read();
  clock.now = 45_000;
  await read();
  expect(reads).toBe(2);
  clock.now = 45_002;
  await read();
  expect(reads).toBe(3);
});
