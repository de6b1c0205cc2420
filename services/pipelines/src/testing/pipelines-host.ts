import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { control } from '@stratalab/control';
import { mountService, type Clock, type QueryEngine } from '@stratalab/kernel';
import { createDuckDbQueryEngine, createStaging } from '@stratalab/query-duckdb';
import { createTestHost, fakeControlPorts, testActor, type TestHost } from '@stratalab/tooling';
import { pipelines } from '../index.ts';
import { createFakeCatalog, type FakeCatalog } from './fake-catalog.ts';

export const ann = testActor({ subject: 'ann', tenants: { demo: 'editor' } });
export const vic = testActor({ subject: 'vic', tenants: { demo: 'viewer' } });
export const eve = testActor({ subject: 'eve', tenants: { other: 'admin' } });

export const flightsCsv = 'carrier,dep_delay,arr_delay,distance\nUA,2,11,1400\nUA,4,20,1416\nAA,2,33,1089\nB6,-1,-18,1576\n';

/** Six seconds of silence before a step is taken over: a busy machine must not look like a dead process. */
export const environment = { STRATALAB_QUERY_MEMORY_MIB: '256', STRATALAB_STEP_HEARTBEAT_SECONDS: '2' };

export interface PipelinesHost {
  readonly host: TestHost;
  readonly catalog: FakeCatalog;
  readonly dataFolder: string;
  close(): Promise<void>;
}

/** `pipelines` with the real query engine and the real `control`, over a catalog of two routes; `flights` is there. */
export async function createPipelinesHost(
  given: { readonly isBackgroundRunning?: boolean; readonly clock?: Clock; readonly wrapEngine?: (engine: QueryEngine) => QueryEngine } = {}
): Promise<PipelinesHost> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-pipelines-'));
  const catalog = createFakeCatalog(dataFolder);
  await catalog.addCsv('demo', 'flights', flightsCsv);
  const engine = createDuckDbQueryEngine();
  const host = await createTestHost({
    environment,
    isBackgroundRunning: given.isBackgroundRunning ?? false,
    ...(given.clock === undefined ? {} : { clock: given.clock }),
    services: [
      mountService(control, fakeControlPorts()),
      catalog.service,
      mountService(pipelines, { queryEngine: given.wrapEngine?.(engine) ?? engine, staging: createStaging(dataFolder) })
    ]
  });
  return {
    host,
    catalog,
    dataFolder,
    async close() {
      await host.close();
      await rm(dataFolder, { recursive: true, force: true });
    }
  };
}

/** A document of one step `count` that makes `counts`, with what the test adds. */
export function oneStep(name: string, more = '', sql = 'select carrier, count(*) as n from flights group by carrier'): string {
  return `name: ${name}\n${more}${more === '' ? '' : '\n'}steps:\n  - name: count\n    kind: sql\n    sql: ${JSON.stringify(sql)}\n    output: ${name}_out\n`;
}
