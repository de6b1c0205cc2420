import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { askedOnce, endsWell } from './trials.ts';

const run = promisify(execFile);

test('a trial says yes or no by its end, and neither when it was ended by its time limit', async () => {
  const tried = ['true', 'false', '/no/such/program'].map(program => endsWell(program, () => run(program)));
  expect(await Promise.all(tried)).toEqual([true, false, false]);
  await expect(endsWell('a long sleep', () => run('sleep', ['600'], { timeout: 50 }))).rejects.toMatchObject({
    code: 'unavailable',
    details: { detail: 'This machine is too busy to try a long sleep.' }
  });
});

test('an answer is kept, a failure is not', async () => {
  let asked = 0;
  const ask = askedOnce(async () => {
    asked += 1;
    if (asked === 1) throw new Error('too busy');
    return asked;
  });
  expect((await Promise.allSettled([ask(), ask()])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect([await ask(), await ask(), asked]).toEqual([2, 2, 2]);
});
