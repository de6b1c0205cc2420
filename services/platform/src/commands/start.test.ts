import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isPostgresRunning } from '@stratalab/database-embedded';
import { createTestDatabase, waitFor } from '@stratalab/tooling';

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
const port = 18_700;
const url = `http://127.0.0.1:${port}`;
const password = 'a passphrase for tests only';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly complaint: string;
}

let parent = '';
let data = '';
let platform: ChildProcess;
let said = '';
let accessKey = '';

function launch(args: readonly string[], folder: string, settings: Readonly<Record<string, string>> = {}): ChildProcess {
  const { DATABASE_URL: _url, ...inherited } = process.env;
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, STRATALAB_DATA: folder, STRATALAB_PORT: String(port), STRATALAB_ADMIN_PASSWORD: password, ...settings }
  });
}

function run(args: readonly string[], folder = data): Promise<Outcome> {
  const child = launch(args, folder);
  let out = '';
  let complaint = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ code: code ?? -1, out, complaint }));
  });
}

async function startPlatform(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  said = '';
  platform = launch(['start'], data, settings);
  for (const stream of [platform.stdout, platform.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await waitFor(() => {
    if (platform.exitCode !== null) throw new Error(`start ended: ${said}`);
    return said.includes('Stratalab is ready');
  });
}

async function whoAmI(): Promise<unknown> {
  const answer = await fetch(`${url}/services/stratalab/api/control/v1/whoami`, { headers: { authorization: `Bearer ${accessKey}` } });
  return answer.json();
}

function ended(child: ChildProcess): Promise<number | null> {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve(child.exitCode) : new Promise(resolve => child.once('exit', code => resolve(code)));
}

/** Command lines and pids of all processes of this installation. */
async function processes(): Promise<readonly { readonly pid: number; readonly command: string }[]> {
  const found: { pid: number; command: string }[] = [];
  for (const name of (await readdir('/proc')).filter(entry => /^\d+$/.test(entry))) {
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (environment.includes(`STRATALAB_DATA=${data}\0`) || command.includes(data)) found.push({ pid: Number(name), command });
  }
  return found;
}

beforeAll(async () => {
  parent = await mkdtemp('/tmp/stratalab-start-');
  data = join(parent, 'data');
  await startPlatform();
});
afterAll(async () => {
  platform.kill('SIGTERM');
  await ended(platform);
  await rm(parent, { recursive: true, force: true });
});

describe('stratalab start', () => {
  test('ends with the address and says how to sign in', async () => {
    expect(said.trim().split('\n').at(-1)).toBe(`Stratalab is ready: ${url}`);
    expect(said).toContain("'admin'");
    expect((await fetch(`${url}/hub/login`)).status).toBe(200);
    expect((await run(['status', '--json'])).out).toContain('"isReady":true');
  });

  test('F13 a second start on the same data folder is refused with the pid, and the first goes on', async () => {
    const second = await run(['start']);
    expect(second.code).toBe(1);
    expect(second.complaint).toContain(`in use by the process ${platform.pid}`);
    expect((await run(['status'])).code).toBe(0);
  });

  test('a start on another folder names the program that has the port', async () => {
    const other = join(parent, 'other');
    const refused = await run(['start'], other);
    expect(refused.code).toBe(1);
    expect(refused.complaint).toMatch(new RegExp(`Port ${port} .* is taken by .+ \\(process \\d+\\)`));
    expect(await isPostgresRunning(other)).toBe(false);
  });

  test('T63 no secret stands in the arguments of any process', async () => {
    const secrets = await Promise.all((await readdir(join(data, 'secrets'))).map(name => readFile(join(data, 'secrets', name), 'utf8')));
    const commands = (await processes()).map(entry => entry.command);
    expect(commands.length).toBeGreaterThanOrEqual(4);
    for (const secret of [...secrets, password]) expect(commands.filter(command => command.includes(secret.trim()))).toEqual([]);
    // Queries of the sample data come and go: one that has ended shows nothing any more.
    const environments = await Promise.all((await processes()).map(({ pid }) => stat(`/proc/${pid}/environ`).catch(() => undefined)));
    const modes = environments.flatMap(facts => (facts === undefined ? [] : [facts.mode & 0o077]));
    expect(modes.length).toBeGreaterThanOrEqual(4);
    expect(modes.filter(mode => mode !== 0)).toEqual([]);
  });

  test.each([
    [['token', '--tenant', 'demo', '--scope', 'everything'], "no permission 'everything'"],
    [['token', '--tenant', 'demo', '--expires', '1.5'], 'whole seconds'],
    [['token'], 'for which tenant'],
    [['status', '--colour'], "Unknown option '--colour'"],
    [['fly'], "no command 'fly'"]
  ])('%j is refused with a plain sentence', async (args, sentence) => {
    const { code, complaint } = await run(args);
    expect(code).toBeGreaterThan(0);
    expect(complaint).toContain(sentence);
    expect(complaint).not.toContain('    at ');
  });

  test('doctor finds nothing to mend', async () => {
    const { out } = await run(['doctor', '--json']);
    expect(JSON.parse(out).filter((finding: { level: string }) => finding.level === 'fail')).toEqual([]);
  });

  test('a database that is killed runs again, and the platform with it', async () => {
    const pid = Number((await readFile(join(data, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    await waitFor(() => said.includes('runs again'), 30_000);
    const key = await waitFor(async () => run(['token', '--tenant', 'demo']).then(outcome => outcome.code === 0 && outcome.out.trim()), 60_000);
    accessKey = key;
    expect(await whoAmI()).toMatchObject({ tenants: [{ name: 'demo' }] });
  });

  test('a backup taken while it runs restores into an empty folder, and only there', async () => {
    const file = join(parent, 'stratalab.backup');
    expect(await run(['backup', file])).toMatchObject({ code: 0, complaint: '' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const target = join(parent, 'restored');
    expect(await run(['restore', file], target)).toMatchObject({ code: 0, complaint: '' });
    expect((await readdir(target)).sort()).toEqual(expect.arrayContaining(['home', 'hub', 'postgres', 'secrets', 'tenants', 'version']));
    for (const name of ['internal-key', 'database-password'])
      expect(await readFile(join(target, 'secrets', name), 'utf8')).toBe(await readFile(join(data, 'secrets', name), 'utf8'));
    expect(await run(['restore', file], target)).toMatchObject({ code: 1, complaint: expect.stringContaining('is not empty') });

    const damaged = join(parent, 'damaged');
    await truncate(file, (await stat(file)).size - 1000);
    await mkdir(damaged);
    expect(await run(['restore', file], damaged)).toMatchObject({ code: 1, complaint: expect.stringContaining('is damaged') });
    expect(await readdir(damaged)).toEqual([]);
  });

  test('F13 after kill -9 of the supervisor the next start takes over the folder and clears what was left', async () => {
    const before = (await processes()).filter(entry => entry.command.includes('jupyterhub_config.py')).map(entry => entry.pid);
    platform.kill('SIGKILL');
    await ended(platform);
    await startPlatform();
    const after = (await processes()).filter(entry => entry.command.includes('jupyterhub_config.py')).map(entry => entry.pid);
    expect(before).toHaveLength(1);
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(before);
  });

  test('a Hub that dies is started again', async () => {
    const [hub] = (await processes()).filter(entry => entry.command.includes('jupyterhub_config.py'));
    // Number 0 would be this process and its whole group.
    if (hub === undefined) throw new Error('The Hub does not run.');
    process.kill(hub.pid, 'SIGKILL');
    await waitFor(() => said.split('Stratalab is ready').length === 3, 60_000);
    expect((await fetch(`${url}/hub/login`)).status).toBe(200);
  });

  test('a stop ends everything it started', async () => {
    expect(await run(['stop'])).toMatchObject({ code: 0 });
    expect(await ended(platform)).toBe(0);
    expect(await isPostgresRunning(data)).toBe(false);
    // A query that lost its platform, or a database that has written everything, needs a moment to be gone.
    await waitFor(async () => (await processes()).length === 0);
    expect(await run(['status'])).toMatchObject({ code: 3 });
  });

  test('the restored installation starts, and a key made before the backup still opens it', async () => {
    data = join(parent, 'restored');
    await startPlatform();
    expect(await whoAmI()).toMatchObject({ tenants: [{ name: 'demo' }] });
  });

  test('with DATABASE_URL it runs on that server, and none of its own is made', async () => {
    platform.kill('SIGTERM');
    expect(await ended(platform)).toBe(0);
    const database = await createTestDatabase();
    data = join(parent, 'by-url');
    await startPlatform({ DATABASE_URL: database.url });
    accessKey = (await run(['token', '--tenant', 'demo'])).out.trim();
    expect(await whoAmI()).toMatchObject({ tenants: [{ name: 'demo' }] });
    expect(await readdir(data)).not.toContain('postgres');
    platform.kill('SIGTERM');
    expect(await ended(platform)).toBe(0);
    await database.drop();
  });
});
