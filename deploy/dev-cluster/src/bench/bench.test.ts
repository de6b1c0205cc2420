import { expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { callOf, countApiCalls, totalOf } from './api-calls.ts';
import { keepFinishedRuns, readFinishedRuns } from './finished-runs.ts';
import { isPastLimit, rangeOf, tableOf } from './ranges.ts';

test('a request to the API server is told apart by its method and its path', () => {
  expect([
    callOf('GET', '/api/v1/namespaces/a/pods?labelSelector=x'),
    callOf('GET', '/api/v1/namespaces/a/pods/p'),
    callOf('GET', '/api/v1/pods?watch=true'),
    callOf('GET', '/api/v1/namespaces/a'),
    callOf('GET', '/apis/batch.volcano.sh/v1alpha1/namespaces/a/jobs/j'),
    callOf('GET', '/apis/batch.volcano.sh/v1alpha1'),
    callOf('POST', '/apis/batch.volcano.sh/v1alpha1/namespaces/a/jobs'),
    callOf('PATCH', '/apis/batch.volcano.sh/v1alpha1/namespaces/a/jobs/j'),
    callOf('DELETE', '/api/v1/namespaces/a/secrets/s')
  ]).toEqual(['list pods', 'get pods', 'watch pods', 'get namespaces', 'get jobs', 'discovery kinds', 'create jobs', 'change jobs', 'delete secrets']);
});

test('every request of this process to the server is counted, and to no other', async () => {
  const server = createServer((_request, response) => void response.end('{}')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${unsafePort(server.address())}`;
  const [counted, other] = [countApiCalls(origin), countApiCalls('http://127.0.0.1:1')];
  try {
    await fetch(`${origin}/api/v1/pods`);
    await fetch(`${origin}/api/v1/namespaces/a/secrets`, { method: 'POST', body: '{}' });
    const calls = counted.take();
    expect([...calls]).toEqual([
      ['list pods', 1],
      ['create secrets', 1]
    ]);
    expect([totalOf(calls), totalOf(calls, 'list'), totalOf(counted.take()), totalOf(other.take())]).toEqual([2, 1, 0, 0]);
  } finally {
    counted.stop();
    other.stop();
    server.closeAllConnections();
    server.close();
  }
});

test('a range keeps mean, ends and the ratio to the baseline, and knows when it is past its limit', () => {
  const rate = rangeOf({ name: 'jobs', unit: 'per s', limit: 10 }, [8, 10], { name: 'bare', values: [16, 20] });
  expect(rate).toMatchObject({ mean: 9, lowest: 8, highest: 10, runs: 2, ratio: 0.5, baseline: { mean: 18 } });
  expect([isPastLimit(rate), isPastLimit({ ...rate, limit: 9 }), isPastLimit(rangeOf({ name: 'memory', unit: 'MiB', limit: 400 }, [401]))]).toEqual([true, false, true]);
  expect(tableOf([rate]).split('\n')[1]).toMatch(/^jobs +9 per s +8 – 10 \(2 runs\) +18 \(bare\) +0.50 +10$/);
});

test('runs that were finished are there after the benchmark was ended, for the same sizes only', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'stratalab-bench-runs-')), 'kept/runs.json');
  const sizes = { jobs: 10, parallel: 2 };
  const admission = { admittedPerSecond: 6, createdP95Ms: 100 };
  const ours = { ...admission, submittedPerSecond: 80, apiCallsPerJob: 5, apiCalls: {}, steadyLists: 0, streamP95Ms: 200, memoryMiB: 300 };
  expect(await readFinishedRuns(file, sizes)).toEqual([]);
  await keepFinishedRuns(file, { sizes, runs: [{ ours, bare: admission }] });
  expect(await readFinishedRuns(file, sizes)).toEqual([{ ours, bare: admission }]);
  expect(await readFinishedRuns(file, { ...sizes, jobs: 20 })).toEqual([]);
  await rm(dirname(dirname(file)), { recursive: true });
});

function unsafePort(address: unknown): number {
  return (address as AddressInfo).port;
}
