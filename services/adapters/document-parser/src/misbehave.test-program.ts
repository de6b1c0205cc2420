import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/** What a parser taken over by its document might try; the answer is what came of it. */
const attempts: Readonly<Record<string, () => unknown>> = {
  crash: () => process.abort(),
  leave: () => process.exit(3),
  loop() {
    for (;;);
  },
  allocate() {
    const kept: Buffer[] = [];
    for (;;) kept.push(Buffer.alloc(8 * 1024 * 1024, 1));
  },
  fillHeap() {
    const kept: object[] = [];
    for (;;) kept.push({ at: kept.length, text: String(kept.length) });
  },
  shout() {
    const again = (): boolean => process.stdout.write('a'.repeat(1024 * 1024), again);
    again();
    return new Promise(() => undefined);
  },
  read: () => readFileSync('/etc/passwd', 'utf8'),
  write: () => writeFileSync('/tmp/strata-parser-was-here', 'x'),
  start: () => spawn('/bin/true'),
  environment: () => JSON.stringify(process.env)
};

try {
  process.stdout.end(String(await attempts[process.argv[2] ?? '']?.()));
} catch (error) {
  process.stdout.end(`refused: ${error instanceof Error && 'code' in error ? String(error.code) : ''}`);
}
