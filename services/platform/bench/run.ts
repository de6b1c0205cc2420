import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBenchServer, type Measured } from '@stratalab/tooling';

/**
 * `npm run bench [-- words…]`: runs every `services/<name>/bench/<topic>.ts` whose path contains one of the words, one after the other, each
 * in a process of its own on one quiet PostgreSQL; prints a table and writes `.cache/bench.json`.
 */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(join(root, 'services'))
  .flatMap(service => {
    const folder = join(root, 'services', service, 'bench');
    return existsSync(folder) ? readdirSync(folder).map(file => join(folder, file)) : [];
  })
  .filter(file => file.endsWith('.ts') && basename(file) !== 'run.ts' && (words.length === 0 || words.some(word => file.includes(word))))
  .sort();

interface Row extends Measured {
  readonly bench: string;
}

const server = await startBenchServer();
const rows: Row[] = [];
let failures = 0;
try {
  for (const file of files) {
    const bench = `${basename(dirname(dirname(file)))}/${basename(file, '.ts')}`;
    process.stderr.write(`${bench} …\n`);
    const { code, lines } = await run(file, server.url);
    if (code !== 0) failures += 1;
    for (const line of lines) rows.push({ bench, ...unsafeMeasured(JSON.parse(line)) });
  }
} finally {
  await server.stop();
}

print(rows);
mkdirSync(join(root, '.cache'), { recursive: true });
const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), memoryMiB: Math.round(totalmem() / 1024 / 1024), node: process.version };
writeFileSync(join(root, '.cache/bench.json'), `${JSON.stringify({ time: new Date().toISOString(), machine, rows }, null, 2)}\n`);
const over = rows.filter(isOver);
for (const row of over) process.stderr.write(`${row.bench}: ${row.name} is past its limit\n`);
process.exitCode = failures + over.length > 0 ? 1 : 0;

/** A rate must not fall below its limit, anything else must not exceed it; the limit is of the ratio where there is one. */
function isOver(row: Measured): boolean {
  const value = row.ratio ?? row.value;
  return row.limit !== undefined && (row.unit === 'per s' ? value < row.limit : value > row.limit);
}

function run(file: string, databaseUrl: string): Promise<{ code: number; lines: string[] }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, STRATALAB_TEST_DATABASE_URL: databaseUrl }
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ code: code ?? 1, lines: text.split('\n').filter(line => line.startsWith('{')) }));
  });
}

/** What a benchmark prints is written by `report`. */
function unsafeMeasured(value: unknown): Measured {
  return value as Measured;
}

function print(measured: readonly Row[]): void {
  const header = ['benchmark', 'what', 'ours', 'baseline', 'ratio', 'limit'];
  const cells = measured.map(row => [
    row.bench,
    row.name,
    `${short(row.value)} ${row.unit}`,
    row.baseline === undefined ? '' : `${short(row.baseline.value)} (${row.baseline.name})`,
    row.ratio === undefined ? '' : row.ratio.toFixed(2),
    row.limit === undefined ? '' : String(row.limit)
  ]);
  const widths = header.map((name, column) => Math.max(name.length, ...cells.map(row => row[column]?.length ?? 0)));
  for (const row of [header, ...cells])
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`
    );
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
