import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { waitFor } from '@stratalab/tooling';

const bootstrap = fileURLToPath(new URL('../bootstrap', import.meta.url));

/** A package manager that notes what it was asked and does as little as possible; `mode` says how it fails. */
const npm = `#!/bin/sh
echo "npm $*" >> "$CALLS"
case "$1 $MODE" in
  "ci offline") echo "npm error code ENOTFOUND" >&2; exit 1 ;;
  "ci slow") sleep 600 ;;
  ci*) mkdir -p node_modules/.bin && cp package-lock.json node_modules/.package-lock.json && ln -sf "$NODE" node_modules/.bin/node ;;
  run*) mkdir -p extensions/lab/labextension extensions/admin/lib/standalone-page
    echo '{}' > extensions/lab/labextension/package.json && echo > extensions/admin/lib/standalone-page/administration.js ;;
esac
`;
/** A Python that makes environments whose \`uv\` notes what it was asked. */
const python = `#!/bin/sh
echo "python $*" >> "$CALLS"
case "$1 $2" in
  -c*) echo 3.12 ;;
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo "command = python -m venv $3" > "$3/pyvenv.cfg" ;;
  "-m pip") printf '#!/bin/sh\\necho "uv $*" >> "$CALLS"\\n' > "$(dirname "$0")/uv" && chmod +x "$(dirname "$0")/uv" ;;
esac
`;

let root = '';
let mode = '';
const children: ChildProcess[] = [];

beforeEach(async () => {
  mode = '';
  root = await mkdtemp('/tmp/stratalab-set-up-');
  await cp(bootstrap, join(root, 'services/platform/bootstrap'), { recursive: true });
  await mkdir(join(root, 'services/platform/src'));
  await writeFile(join(root, 'services/platform/src/cli.ts'), "console.log('handed over', process.argv.slice(2).join(' '));");
  await writeLock('1.0.0');
  await mkdir(join(root, 'hub-config'));
  for (const name of ['requirements', 'requirements-models', 'requirements-installer']) await writeFile(join(root, 'hub-config', `${name}.lock`), name);
  await mkdir(join(root, 'bin'));
  for (const [name, text] of Object.entries({ npm, 'python3.12': python })) {
    await writeFile(join(root, 'bin', name), text);
    await chmod(join(root, 'bin', name), 0o755);
  }
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

function writeLock(version: string): Promise<void> {
  return writeFile(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': {}, 'node_modules/typebox': { version }, 'node_modules/for-another-system': { version: '1.0.0', optional: true } } })
  );
}

interface SetUp {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly code: Promise<number | null>;
}

function launch(...args: readonly string[]): SetUp {
  const child = spawn(process.execPath, [join(root, 'services/platform/bootstrap/stratalab.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: `${join(root, 'bin')}:/usr/bin:/bin`, CALLS: join(root, 'calls'), NODE: process.execPath, MODE: mode }
  });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, said: () => text, code: new Promise(resolve => child.once('close', resolve)) };
}

async function run(...args: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  const { said, code } = launch(...args);
  return { code: await code, said: said() };
}

/** What was asked of npm, Python and uv since the last look. */
async function calls(): Promise<readonly string[]> {
  const text = await readFile(join(root, 'calls'), 'utf8').catch(() => '');
  await rm(join(root, 'calls'), { force: true });
  return text
    .split('\n')
    .filter(line => /^(npm|uv)|-m venv/.test(line))
    .map(line => line.split(' ').slice(0, 3).join(' '));
}

const everything = ['npm ci --ignore-scripts', 'python -m venv', 'uv pip install', 'uv pip install', 'npm run build'];

describe('the set-up', () => {
  test('installs everything in order, hands over, and finds nothing to do the next time', async () => {
    const first = await run('start', '--flag');
    expect(first).toMatchObject({ code: 0, said: expect.stringContaining('handed over start --flag') });
    expect(first.said).toMatch(/\[1\/3\] Installing Node packages[^]*\[3\/3\] Building the JupyterLab extension · done/);
    expect(await calls()).toEqual(everything);
    expect(await run('start')).toEqual({ code: 0, said: 'handed over start\n' });
    expect(await calls()).toEqual([]);
  });

  test('does only what changed', async () => {
    await run('start');
    await calls();
    await writeFile(join(root, 'hub-config/requirements.lock'), 'changed');
    await run('start');
    expect(await calls()).toEqual(['uv pip install', 'uv pip install']);
  });

  test('commands that mend or look install nothing', async () => {
    await run('start');
    await calls();
    await writeLock('2.0.0');
    expect(await run('doctor')).toEqual({ code: 0, said: 'handed over doctor\n' });
    expect(await calls()).toEqual([]);
  });

  test('makes a new Python environment after the checkout was moved', async () => {
    await run('start');
    const moved = `${root}-moved`;
    await rename(root, moved);
    root = moved;
    await calls();
    await run('start');
    expect(await calls()).toEqual(['python -m venv', 'uv pip install', 'uv pip install']);
  });

  test('says that the registry cannot be reached, and goes on from there the next time', async () => {
    mode = 'offline';
    expect(await run('start')).toMatchObject({ code: 1, said: expect.stringContaining('the first run needs a network') });
    await calls();
    mode = '';
    expect(await run('start')).toMatchObject({ code: 0, said: expect.stringContaining('was interrupted before (Installing Node packages)') });
    expect(await calls()).toEqual(everything);
  });

  test('takes its children along when it is interrupted, refuses a second one meanwhile, and resumes', async () => {
    mode = 'slow';
    const first = launch('start');
    await waitFor(async () => (await readFile(join(root, 'calls'), 'utf8').catch(() => '')).includes('npm ci'));
    expect(await run('start')).toMatchObject({ code: 1, said: expect.stringContaining(`Another set-up is running here (process ${first.child.pid})`) });
    first.child.kill('SIGTERM');
    expect(await first.code).toBe(130);
    await calls();
    mode = '';
    expect((await run('start')).code).toBe(0);
    expect(await calls()).toEqual(everything);
  });

  test('says which Python it needs when there is none', async () => {
    await writeFile(join(root, 'bin/python3.12'), '#!/bin/sh\nexit 1\n');
    for (const name of ['python3.13', 'python3.11', 'python3']) await cp(join(root, 'bin/python3.12'), join(root, 'bin', name));
    expect(await run('start')).toMatchObject({ code: 1, said: expect.stringContaining('Stratalab needs Python 3.11, 3.12 or 3.13') });
  });
});
