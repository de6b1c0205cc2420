import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTenant, testActor } from '@stratalab/tooling';
import { createModelsHost, type ModelsHost } from './testing/models-host.test-support.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const python = `${process.env['STRATALAB_VENV'] ?? `${root}.venv`}/bin/python`;

interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly error?: string;
}

describe('the stock MLflow client (mlflow-skinny 3.17.2) over HTTP', () => {
  let host: ModelsHost;
  beforeAll(async () => {
    host = await createModelsHost();
    await createTenant(host, 'fresh');
  });
  afterAll(() => host.close());

  test('every check of the stock client holds', async () => {
    const url = await host.host.app.listen({ host: '127.0.0.1', port: 0 });
    const token = host.tokenFor(testActor({ subject: 'ann', tenants: { fresh: 'editor' } }));
    const child = spawn(python, [fileURLToPath(new URL('./testing/stock_client.py', import.meta.url))], {
      env: {
        PATH: process.env['PATH'],
        HOME: host.dataFolder,
        TMPDIR: host.dataFolder,
        MLFLOW_TRACKING_URI: `${url}/mlflow/fresh`,
        MLFLOW_TRACKING_TOKEN: token,
        OMP_NUM_THREADS: '1'
      }
    });
    let [output, errors] = ['', ''];
    child.stdout.on('data', chunk => (output += String(chunk)));
    child.stderr.on('data', chunk => (errors += String(chunk)));
    const [code] = await once(child, 'close');
    const checks = output
      .split('\n')
      .filter(line => line.startsWith('{'))
      .map(line => JSON.parse(line) as Check);
    expect(checks.filter(({ ok }) => !ok).map(({ check, error }) => `${check}: ${error}`)).toEqual([]);
    expect([code, checks.length, code === 0 ? '' : errors.slice(-2000)]).toEqual([0, 14, '']);
  });
});
