import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts, report } from '@stratalab/tooling';

/** From the start command to "ready", on an empty data folder and again on the same one, and what the whole platform holds in memory at rest. */
const command = fileURLToPath(new URL('../bootstrap/stratalab.mjs', import.meta.url));
const data = await mkdtemp(join(tmpdir(), 'stratalab-bench-'));
const port = await freePorts();

async function start(): Promise<{ seconds: number; stop: () => Promise<void> }> {
  const started = performance.now();
  const child = spawn(process.execPath, [command, 'start'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, STRATALAB_DATA: data, STRATALAB_PORT: String(port), STRATALAB_ADMIN_PASSWORD: 'for the benchmark only' }
  });
  const ended = once(child, 'exit');
  for await (const chunk of child.stdout) if (String(chunk).includes('Stratalab is ready')) break;
  return {
    seconds: (performance.now() - started) / 1000,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    }
  };
}

/** Proportional memory of every process of this installation, in MiB. */
async function memoryMiB(): Promise<number> {
  let total = 0;
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const isOurs = (await read('environ')).includes(`STRATALAB_DATA=${data}\0`) || (await read('cmdline')).includes(data);
    if (isOurs) total += Number(/^Pss:\s+(\d+) kB/m.exec(await read('smaps_rollup'))?.[1] ?? 0) / 1024;
  }
  return total;
}

try {
  const cold = await start();
  report({ name: 'start on an empty data folder', unit: 's', value: cold.seconds, limit: 30 });
  await cold.stop();
  const warm = await start();
  report({ name: 'start again', unit: 's', value: warm.seconds, limit: 10 });
  await pause(10_000);
  report({ name: 'memory at rest, nobody signed in', unit: 'MiB', value: await memoryMiB(), limit: 1024 });
  await warm.stop();
} finally {
  await rm(data, { recursive: true, force: true });
}
