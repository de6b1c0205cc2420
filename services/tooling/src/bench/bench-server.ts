import { startTestServer, type TestServer } from '../test-database/test-server.ts';

/** The embedded PostgreSQL on an empty folder, with its promises (fsync and all) as in the product; benchmarks make their databases in it. */
export function startBenchServer(): Promise<TestServer> {
  return startTestServer();
}
