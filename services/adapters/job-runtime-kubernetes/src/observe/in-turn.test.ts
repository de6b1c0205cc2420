import { expect, test } from '@jest/globals';
import { inTurn } from './in-turn.ts';

test('many questions become few, each is told its last answer in between, and a quiet time is made up for once', async () => {
  const clock = { now: 0 };
  const turns = inTurn<string>({ perSecond: 2, burst: 3, now: () => clock.now });
  let asked = 0;
  const ask = (key: string): Promise<string | undefined> => turns.ask(key, async () => `${key} ${(asked += 1)}`);
  const answers = [];
  for (const key of ['a', 'b', 'c', 'd', 'a']) answers.push(await ask(key));
  expect(answers).toEqual(['a 1', 'b 2', 'c 3', undefined, 'a 1']);
  clock.now = 500;
  expect([await ask('d'), await ask('b')]).toEqual(['d 4', 'b 2']);
  clock.now = 3_600_000;
  for (let turn = 0; turn < 10; turn += 1) await ask('a');
  expect(asked).toBe(7);
  turns.forget('a');
  expect(await ask('a')).toBeUndefined();
});

test('an answer of nothing takes the last one back, and a failure takes nothing back', async () => {
  const turns = inTurn<string>({ perSecond: 1, burst: 3, now: () => 0 });
  await turns.ask('a', async () => 'known');
  await expect(
    turns.ask('a', async () => {
      throw new Error('down');
    })
  ).rejects.toThrow('down');
  expect(await turns.ask('b', async () => undefined)).toBeUndefined();
  expect(await turns.ask('a', async () => 'not asked')).toBe('known');
});
