import { createTemplate } from './template.ts';
import { startStockServer } from './stock-server.ts';
import { startTestServer } from './test-server.ts';

/**
 * One PostgreSQL for the whole run: the embedded one; with `STRATALAB_TEST_SERVER=stock` a newer one over TCP;
 * with `STRATALAB_TEST_DATABASE_URL` yours (a role without superuser rights that may create databases).
 */
export default async function globalSetup(): Promise<void> {
  const given = process.env['STRATALAB_TEST_DATABASE_URL'];
  if (given !== undefined) return createTemplate(given);
  const server = process.env['STRATALAB_TEST_SERVER'] === 'stock' ? await startStockServer() : await startTestServer();
  process.env['STRATALAB_TEST_DATABASE_URL'] = server.url;
  Object.assign(globalThis, { stratalabTestServer: server });
}
