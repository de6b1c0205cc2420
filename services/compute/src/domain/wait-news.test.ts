import { expect, test } from '@jest/globals';
import { isNews } from './wait-news.ts';

const behind = (place: number) => ({ place, reason: `Waiting behind ${place - 1} jobs.` });

test('near the front every step is told, and so is a first or a last word', () => {
  expect([isNews(behind(3), behind(2)), isNews(behind(21), behind(20)), isNews(behind(3), behind(3))]).toEqual([true, true, false]);
  expect([isNews({ place: null, reason: null }, behind(900)), isNews(behind(900), { place: null, reason: null })]).toEqual([true, true]);
});

test('far back a step is no news, a tenth of the way is, and so is another reason', () => {
  expect([isNews(behind(2_000), behind(1_999)), isNews(behind(2_000), behind(1_799))]).toEqual([false, true]);
  expect(isNews(behind(2_000), { place: 2_000, reason: 'Waiting for quota of the tenant: this needs 1 job; 50 of 50 are in use.' })).toBe(true);
});

test('on the way from the end of a long queue to its front a job is written down some dozens of times', () => {
  let written = behind(15_000);
  let times = 0;
  for (let place = 15_000; place >= 1; place -= 1) {
    if (!isNews(written, behind(place))) continue;
    written = behind(place);
    times += 1;
  }
  expect([written.place, times < 100]).toEqual([1, true]);
});
