import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { computeRoutes, type JobInput } from '@stratalab/contracts/compute';
import { controlRoutes } from '@stratalab/contracts/control';
import { control } from '@stratalab/control';
import { catalog } from '@stratalab/catalog';
import { mountService, newId, serviceActor, type JobAttempt, type JobObservation, type JobRuntime } from '@stratalab/kernel';
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
  /** What happens while the platform waits for an answer. */
  const meanwhile = {
    capacity: async (): Promise<void> => undefined,
    readLog: async (): Promise<void> => undefined,
    stageOutput: async (_stagingId: string): Promise<void> => undefined
  };
  const runtime: JobRuntime = {
    async capacity() {
      await meanwhile.capacity();
      return { cpu: 8, memoryMiB: 8_192, gpu: 0 };
    },
    start: async ({ jobId }) => void (seen.has(jobId) || seen.set(jobId, { phase: 'starting' })),
    observe: async ({ jobId }) => seen.get(jobId) ?? { phase: 'absent' },
    changes(onChange, signal) {
      listeners.add(onChange);
      signal.addEventListener('abort', () => listeners.delete(onChange), { once: true });
    },
    cancel: async () => undefined,
    async readLog(_job, { offset }) {
      await meanwhile.readLog();
      return { text: '', nextOffset: offset, isAtEnd: true };
    },
    async stageOutput(_attempt, { stagingId }) {
      await meanwhile.stageOutput(stagingId);
      return false;
    },
    tidy: async () => undefined,
    remove: async ({ jobId }) => removed.push(jobId) > 0
  };
  return {
    runtime,
    removed,
    listeners,
    meanwhile,
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
  const submit = (given: Partial<JobInput> = {}) =>
    jobs().submitJob({
      params: demo,
      body: { name: 'job', code: { kind: 'script', text: 'pass' }, resourcesPerProcess: { cpu: 1, memoryMiB: 512, gpu: 0 }, ...given }
    });
  const item = (id: string) => host.database.asSystem('read', tx => tx.selectFrom('kernel.reconcile_item').selectAll().where('object_id', '=', id).executeTakeFirst());

  test('a change is seen as soon as it is told, long before the next look', async () => {
    const { id } = await submit();
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

  test('a cancel that comes while a failed attempt is being ended leaves no other attempt waiting', async () => {
    const { id } = await submit({ retries: 1 });
    telling.meanwhile.readLog = async () => {
      telling.meanwhile.readLog = async () => undefined;
      await jobs().cancelJob({ params: { ...demo, job: id } });
    };
    telling.say(id, { phase: 'ended', end: 'exited', exitCode: 1, startedAt: new Date().toISOString(), endedAt: new Date().toISOString() });
    const over = await untilState(() => jobs().getJob({ params: { ...demo, job: id } }), ['cancelled']);
    expect(over.attempt).toBe(1);
  });

  test('J9 a crash after an output was published and before that was written down leads to the same version', async () => {
    const { id, urn } = await submit({ outputs: [{ name: 'table', kind: 'dataset', as: 'made' }] });
    // The runtime finds no files any more: the step that crashed had them published.
    telling.meanwhile.stageOutput = async stagingId => {
      const staged = join(folder, 'tenants', 'demo', 'staging', stagingId);
      await mkdir(staged, { recursive: true });
      await writeFile(join(staged, 'a.csv'), 'x\n1\n');
      const body = { dataset: 'made', producerUrn: urn, output: 'table', stagingId, inputs: [] };
      await host.clientFor(catalogRoutes, serviceActor('compute', 'demo', 'ann')).publishOutput({ params: demo, body });
    };
    telling.say(id, { phase: 'ended', end: 'exited', exitCode: 0, startedAt: new Date().toISOString(), endedAt: new Date().toISOString() });
    const over = await untilState(() => jobs().getJob({ params: { ...demo, job: id } }), ['succeeded']);
    expect(over.outputs).toMatchObject([{ urn: 'urn:strata:demo:dataset:made@1', problem: null }]);
  });

  test('a job that is cancelled while its quota is being held gives it back', async () => {
    const held = async () => {
      const { items } = await host.clientFor(controlRoutes, serviceActor('test', 'demo')).getQuotas({ params: demo });
      return items.filter(({ resource }) => resource === 'jobs').map(({ used, reserved }) => used + reserved);
    };
    telling.meanwhile.capacity = async () => {
      if ((await held())[0] !== 1) return;
      telling.meanwhile.capacity = async () => undefined;
      const { items } = await jobs().listJobs({ params: demo, query: {} });
      for (const job of items) await jobs().cancelJob({ params: { ...demo, job: job.id } });
    };
    const { id } = await submit();
    const over = await untilState(() => jobs().getJob({ params: { ...demo, job: id } }), ['cancelled']);
    expect(over.attempt).toBe(0);
    await waitFor(async () => (await held())[0] === 0);
  });

  test('what a platform does not know is left alone: it may be the job of another one on the same cluster', async () => {
    await waitFor(() => telling.listeners.size === 1 || undefined);
    const foreign = newId();
    const { id } = await submit();
    await waitFor(async () => (await jobs().getJob({ params: { ...demo, job: id } })).state === 'starting' || undefined);
    telling.say(foreign, { phase: 'running', startedAt: new Date().toISOString() });
    telling.say(id, { phase: 'ended', end: 'exited', exitCode: 0, startedAt: new Date().toISOString() });
    await untilState(() => jobs().getJob({ params: { ...demo, job: id } }), ['succeeded']);
    expect([await item(foreign), telling.removed]).toEqual([undefined, []]);
  });
});
