import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { readLayout } from './layout.ts';
import { stopLeftovers } from './leftovers.ts';
import { assertPortsFree } from './ports.ts';

/** Does not end when it is asked to, and takes a moment to end when it is killed: much memory is given back before its port is. */
const stubborn = `process.on('SIGTERM', () => undefined); globalThis.kept = Buffer.alloc(2 ** 28, 1);
require('node:net').createServer().listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));`;

test('F13 what a predecessor left is gone afterwards, also when it must be killed, and its port is free', async () => {
  const layout = readLayout({ STRATALAB_DATA: await mkdtemp('/tmp/stratalab-leftovers-'), STRATALAB_PORT: '18740' });
  const left = spawn(process.execPath, ['-e', stubborn, 'configurable-http-proxy', String(layout.port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { STRATALAB_DATA: layout.data }
  });
  try {
    await once(left.stdout, 'data');
    expect(await stopLeftovers(layout, 200)).toEqual([left.pid]);
    await assertPortsFree(layout);
    expect(await stopLeftovers(layout)).toEqual([]);
  } finally {
    left.kill('SIGKILL');
    await rm(layout.data, { recursive: true, force: true });
  }
});
