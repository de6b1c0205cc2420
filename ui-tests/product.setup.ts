import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isExternal, product } from './product';

const startTimeoutMs = 600_000;

/** Starts the product as a person would (`stratalab start`) on an empty data folder; stops it and removes the folder afterwards. */
export default async function startProduct(): Promise<(() => Promise<void>) | undefined> {
  if (isExternal) return undefined;
  const root = join(__dirname, '..');
  const data = mkdtempSync(join(tmpdir(), 'stratalab-ui-'));
  const child = spawn(process.execPath, [join(root, 'services/platform/bootstrap/stratalab.mjs'), 'start'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      STRATALAB_DATA: data,
      STRATALAB_PORT: String(product.port),
      STRATALAB_ADMIN_PASSWORD: product.password,
      STRATALAB_UI_TEST: '1',
      STRATALAB_OPS_TOKEN: product.opsToken
    }
  });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The product was not ready in time.')), startTimeoutMs);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes('Stratalab is ready')) return;
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', code => reject(new Error(`The product ended with ${code} before it was ready.`)));
  });
  return async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
}
