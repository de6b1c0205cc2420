import { startTestServer } from './test-server.ts';

/** One PostgreSQL for the whole run; `STRATALAB_TEST_DATABASE_URL` names another one (a role that may create databases). */
export default async function globalSetup(): Promise<void> {
  if (process.env['STRATALAB_TEST_DATABASE_URL'] !== undefined) return;
  const server = await startTestServer();
  process.env['STRATALAB_TEST_DATABASE_URL'] = server.url;
  Object.assign(globalThis, { stratalabTestServer: server });
}
