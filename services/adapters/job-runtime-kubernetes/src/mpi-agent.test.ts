import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('../pod/mpi.py', import.meta.url));
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stratalab-mpi-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const call = (...words: readonly string[]) =>
  promisify(execFile)('python3', [program, 'agent', ...words], {
    env: { PATH: process.env['PATH'] ?? '', PYTHONDONTWRITEBYTECODE: '1', STRATALAB_MPI_FOLDER: folder, STRATALAB_MPI_HOSTS: '10.0.0.7,10.0.0.9' }
  });

test("the agent leaves the daemon's words, and nothing of the shell text around them, for the pod they are for", async () => {
  // As Open MPI 5 calls its agent: what a shell would read first, then the daemon and its words.
  await call(
    '10.0.0.9',
    'PRTE_PREFIX=/opt;export PRTE_PREFIX;/opt/bin/prted',
    '--daemonize',
    '--prtemca',
    'ess',
    '"env"',
    '--prtemca',
    'prte_hnp_uri',
    '"p@0.0;tcp://10.0.0.7:36723:24"'
  );
  expect(await readdir(folder)).toEqual(['daemon-1.json']);
  expect(JSON.parse(await readFile(join(folder, 'daemon-1.json'), 'utf8'))).toEqual(['--prtemca', 'ess', 'env', '--prtemca', 'prte_hnp_uri', 'p@0.0;tcp://10.0.0.7:36723:24']);
});

test('a host that is none of the gang gets nothing', async () => {
  await expect(call('10.0.0.8', 'prted')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['daemon-1.json']);
});
