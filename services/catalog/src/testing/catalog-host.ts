import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import { catalogRoutes, type DatasetVersion, type VersionReference } from '@stratalab/contracts/catalog';
import { control } from '@stratalab/control';
import { mountService, newId, type Actor, type ObjectStore } from '@stratalab/kernel';
import { createLocalMounts } from '@stratalab/mounts-local';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { createDuckDbQueryEngine } from '@stratalab/query-duckdb';
import { createTestHost, fakeControlPorts, testActor, waitFor, type TestAnswer, type TestHost } from '@stratalab/tooling';
import { catalog } from '../index.ts';

export const ann = testActor({ subject: 'ann', tenants: { demo: 'editor' } });
export const vic = testActor({ subject: 'vic', tenants: { demo: 'viewer' } });
export const eve = testActor({ subject: 'eve', tenants: { other: 'admin' } });
export const platform = testActor({ subject: 'service:compute', kind: 'service', tenants: { demo: 'admin' }, isAdministrator: true });

/** `catalog` and `control` with a real folder, DuckDB and homes. */
export interface CatalogHost {
  readonly host: TestHost;
  readonly dataFolder: string;
  readonly store: ObjectStore;
  /** The typed client of the catalog. */
  as(actor: Actor): ReturnType<typeof clientOf>;
  /** Sends raw bytes. */
  send(actor: Actor, path: string, bytes: Buffer): Promise<TestAnswer>;
  upload(actor: Actor, dataset: string, files: Readonly<Record<string, string>>): Promise<VersionReference>;
  /** Waits until a version is there and ready with its profile. */
  ready(dataset: string, version?: string): Promise<DatasetVersion>;
  /** Writes staged output, as a job would, and answers its id. */
  stageOutput(files: Readonly<Record<string, string>>): Promise<string>;
  writeHome(user: string, path: string, text: string): Promise<string>;
  close(): Promise<void>;
}

function clientOf(host: TestHost, actor: Actor) {
  return host.clientFor(catalogRoutes, actor);
}

const readyTimeoutMs = 80_000;
/** Waits as long as a busy machine may need. */
export function patiently<T>(check: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  return waitFor(check, readyTimeoutMs);
}

const demo = { tenant: 'demo' } as const;

function unlessMissing(error: unknown): undefined {
  if (error instanceof Problem && error.code === 'not-found') return undefined;
  throw error;
}

export interface CatalogHostOptions {
  readonly isBackgroundRunning?: boolean;
  /** What stands before the data folder: a bucket for example. */
  readonly before?: (local: ObjectStore) => ObjectStore;
}

export async function createCatalogHost(options: CatalogHostOptions = {}): Promise<CatalogHost> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-catalog-'));
  const local = createFolderObjectStore({ dataFolder });
  const store = options.before?.(local) ?? local;
  const samples = {
    all: [{ name: 'tiny', description: 'A sample', tags: ['sample'], sql: 'select * from data', sizeBytes: 1_000 }],
    write: (name: string, folder: string) => writeFile(join(folder, `${name}.csv`), 'a,b\n1,x\n2,y\n')
  };
  const host = await createTestHost({
    services: [
      mountService(control, fakeControlPorts()),
      mountService(catalog, { store, samples, query: createDuckDbQueryEngine(), workspaces: createLocalMounts({ dataFolder }) })
    ],
    isBackgroundRunning: options.isBackgroundRunning ?? true
  });
  const as = (actor: Actor) => clientOf(host, actor);
  const send = (actor: Actor, path: string, bytes: Buffer): Promise<TestAnswer> => host.request(actor, 'PUT', path, bytes, { 'content-type': 'application/octet-stream' });
  return {
    host,
    dataFolder,
    store,
    as,
    send,
    async upload(actor, dataset, files) {
      const entries = Object.entries(files);
      const created = await as(actor).createUpload({ params: demo, body: { dataset, files: entries.map(([name, text]) => ({ name, sizeBytes: Buffer.byteLength(text) })) } });
      for (const [index, [, text]] of entries.entries()) {
        const answer = await send(actor, `/api/catalog/v1/tenants/demo/uploads/${created.id}/files/${index}?offset=0`, Buffer.from(text));
        if (answer.status !== 200) throw new Error(answer.text);
      }
      return as(actor).completeUpload({ params: { ...demo, upload: created.id } });
    },
    ready: (dataset, version = 'latest') =>
      patiently(async () => {
        // Samples come by themselves, some time after the start.
        const found = await as(ann)
          .getVersion({ params: { ...demo, dataset, version } })
          .catch(unlessMissing);
        if (found === undefined) return undefined;
        if (found.state === 'failed') throw new Error(found.stateMessage ?? 'failed');
        if (found.state !== 'ready') return undefined;
        const profile = await as(ann).profileVersion({ params: { ...demo, dataset, version } });
        return profile.state === 'pending' ? undefined : found;
      }),
    async stageOutput(files) {
      const stagingId = newId();
      const folder = await store.stage({ tenant: 'demo', stagingId });
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
      return stagingId;
    },
    async writeHome(user, path, text) {
      const file = join(dataFolder, 'home', user, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      return file;
    },
    async close() {
      await host.close();
      await rm(dataFolder, { recursive: true, force: true });
    }
  };
}
