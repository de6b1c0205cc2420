import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, type JobAttempt } from '@stratalab/kernel';
import { waitFor } from '@stratalab/tooling';
import { createGangStarts, type GangStarts } from './gang-starts.ts';

let dataFolder = '';
let stop: AbortController;
let told: string[];
let starts: GangStarts;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-gang-starts-'));
  stop = new AbortController();
  told = [];
  starts = createGangStarts(dataFolder, ({ jobId }) => told.push(jobId), stop.signal);
});
afterEach(async () => {
  stop.abort();
  await rm(dataFolder, { recursive: true, force: true });
});

const attempt = (): JobAttempt => ({ tenant: 't', jobId: newId(), attempt: 1 });
const say = async ({ tenant, jobId }: JobAttempt): Promise<void> => {
  const folder = join(dataFolder, 'tenants', tenant, 'jobs', jobId, 'attempts/1');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'gang-started.json'), JSON.stringify({ startedAt: '2026-01-01T00:00:00.000Z' }));
};

test('a gang is told of once, when it says that its processes run, however often it is expected', async () => {
  const [first, second] = [attempt(), attempt()];
  for (const gang of [first, second, first]) starts.expect(gang);
  await say(first);
  await waitFor(() => told.length > 0 || undefined);
  await say(second);
  await waitFor(() => told.length > 1 || undefined);
  expect(told).toEqual([first.jobId, second.jobId]);
});

test('a gang that is over is not looked for any more, and what is no job stands in nobody’s way', async () => {
  const [over, runs] = [attempt(), attempt()];
  starts.expect(over);
  starts.expect({ tenant: '../t', jobId: 'x', attempt: 1 });
  starts.forget(over);
  await say(over);
  starts.expect(runs);
  await say(runs);
  await waitFor(() => told.length > 0 || undefined);
  expect(told).toEqual([runs.jobId]);
});
