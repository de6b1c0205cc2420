import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeRoutes } from '@stratalab/contracts/compute';
import { control } from '@stratalab/control';
import { catalog } from '@stratalab/catalog';
import { mountService, newId, type JobAttempt, type JobObservation, type JobRuntime } from '@stratalab/kernel';
import { createLocalMounts } from '@stratalab/mounts-local';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { createDuckDbQueryEngine } from '@stratalab/query-duckdb';
import { createTestHost, fakeControlPorts, waitFor, type TestHost } from '@stratalab/tooling';
import { sql } from 'kysely';
import { compute } from './index.ts';
import { ann, demo, untilState } from './testing/compute-host.ts';

/** The far side of the network: a runtime that says what it is told to say, and tells of changes. */
function createTellingRuntime() {
  const seen = new Map<string, JobObservation>();
  const listeners = new Set<(attempts: readonly JobAttempt[]) => void>();
  const removed: string[] = [];
  const runtime: JobRuntime = {
    capacity: async () => ({ cpu: 8, memoryMiB: 8_192, gpu: 0 }),
    start: async ({ jobId }) => void (seen.has(jobId) || seen.set(jobId, { phase: 'starting' })),
    observe: async ({ jobId }) => seen.get(jobId) ?? { phase: 'absent' },
    changes(onChange, signal) {
      listeners.add(onChange);
      signal.addEventListener('abort', () => listeners.delete(onChange), { once: true });
    },
    cancel: async () => undefined,
    readLog: async (_job, { offset }) => ({ text: '', nextOffset: offset, isAtEnd: true }),
    stageOutput: async () => false,
    tidy: async () => undefined,
    remove: async ({ jobId }) => removed.push(jobId) > 0
  };
  return {
    runtime,
    removed,
    listeners,
    say(jobId: string, observation: JobObservation): void {
      seen.set(jobId, observation);
      for (const listener of listeners) listener([{ tenant: 'demo', jobId, attempt: 1 }]);
    }
  };
}

describe('a runtime that tells of changes', () => {
  let host: TestHost;
  let folder: string;
  let telling: ReturnType<typeof createTellingRuntime>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stratalab-telling-'));
    telling = createTellingRuntime();
    const store = createFolderObjectStore({ dataFolder: folder });
    host = await createTestHost({
      services: [
        mountService(control, fakeControlPorts()),
        mountService(catalog, {
          store,
          samples: { all: [], write: async () => undefined },
          query: createDuckDbQueryEngine(),
          workspaces: createLocalMounts({ dataFolder: folder })
        }),
        mountService(compute, { platformUrl: 'http://127.0.0.1:9', runtime: telling.runtime })
      ],
      isBackgroundRunning: true
    });
  });
  afterEach(async () => {
    await host.close();
    await rm(folder, { recursive: true, force: true });
  });
  const jobs = () => host.clientFor(computeRoutes, ann);
  const item = (id: string) => host.database.asSystem('read', tx => tx.selectFrom('kernel.reconcile_item').selectAll().where('object_id', '=', id).executeTakeFirst());

  test('a change is seen as soon as it is told, long before the next look', async () => {
    const { id } = await jobs().submitJob({ params: demo, body: { name: 'job', code: { kind: 'script', text: 'pass' }, resourcesPerProcess: { cpu: 1, memoryMiB: 512, gpu: 0 } } });
    await waitFor(() => telling.listeners.size === 1 || undefined);
    // Looks are a minute apart for a job that is this old.
    await host.database.asSystem('it is old', tx => sql`update compute.job set created_at = now() - interval '1 hour' where id = ${id}`.execute(tx));
    await waitFor(async () => {
      const row = await item(id);
      return row?.lease_owner === null && Date.parse(row.due_at) - Date.now() > 40_000;
    });
    telling.say(id, { phase: 'ended', end: 'exited', exitCode: 0, startedAt: new Date().toISOString(), endedAt: new Date().toISOString() });
    const over = await untilState(() => jobs().getJob({ params: { ...demo, job: id } }), ['succeeded']);
    expect(over.attempt).toBe(1);
  });

  test('what a platform does not know is left alone: it may be the job of another one on the same cluster', async () => {
    await waitFor(() => telling.listeners.size === 1 || undefined);
    const foreign = newId();
    const { id } = await jobs().submitJob({ params: demo, body: { name: 'job', code: { kind: 'script', text: 'pass' }, resourcesPerProcess: { cpu: 1, memoryMiB: 512, gpu: 0 } } });
    await waitFor(async () => (await jobs().getJob({ params: { ...demo, job: id } })).state === 'starting' || undefined);
    telling.say(foreign, { phase: 'running', startedAt: new Date().toISOString() });
    telling.say(id, { phase: 'ended', end: 'exited', exitCode: 0, startedAt: new Date().toISOString() });
    await untilState(() => jobs().getJob({ params: { ...demo, job: id } }), ['succeeded']);
    expect([await item(foreign), telling.removed]).toEqual([undefined, []]);
  });
});
