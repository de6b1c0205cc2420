import { expect, test } from '@jest/globals';
import { createTurns } from './turns.ts';

test('what takes long gets fewer turns, and a quiet time is made up for once', async () => {
  const clock = { now: 0 };
  const turns = createTurns({ share: 0.1, burstMs: 300, now: () => clock.now });
  /** How many of ten get a turn, each of which takes so long. */
  const taken = async (eachMs: number): Promise<number> => {
    let count = 0;
    for (let asked = 0; asked < 10; asked += 1) if ((await turns(async () => (clock.now += eachMs))) !== undefined) count += 1;
    return count;
  };
  expect(await taken(100)).toBe(4);
  clock.now += 1_000;
  expect(await taken(100)).toBe(1);
  clock.now += 2_000;
  expect(await taken(10)).toBe(10);
  clock.now += 3_600_000;
  expect(await taken(1_000)).toBe(1);
});

test('a turn that fails took its time, too', async () => {
  const clock = { now: 0 };
  const turns = createTurns({ share: 0.5, burstMs: 100, now: () => clock.now });
  await expect(
    turns(async () => {
      clock.now += 200;
      throw new Error('away');
    })
  ).rejects.toThrow('away');
  expect(turns(async () => 1)).toBeUndefined();
  clock.now += 202;
  expect(await turns(async () => 1)).toBe(1);
});
