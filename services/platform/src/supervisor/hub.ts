import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@stratalab/contracts';
import type { Environment } from '../config.ts';
import { publicUrl, type Layout } from './layout.ts';

const startTimeoutMs = 90_000;
const stopTimeoutMs = 15_000;
const longestLogBytes = 10 * 1024 * 1024;

/** Starts the Hub, which starts the proxy and the platform; everything it says goes to `logs/hub.log`. */
export function spawnHub(layout: Layout, databaseUrl: string, environment: Environment): ChildProcess {
  const log = openSync(shortened(join(layout.logs, 'hub.log')), 'a', 0o600);
  const { STRATALAB_ADMIN_PASSWORD: _password, ...inherited } = environment;
  const hub = spawn(join(layout.venv, 'bin/python'), ['-m', 'jupyterhub', '-f', join(layout.root, 'hub-config/jupyterhub_config.py')], {
    cwd: layout.run,
    stdio: ['ignore', log, log],
    detached: true,
    env: {
      ...inherited,
      DATABASE_URL: databaseUrl,
      STRATALAB_DATA: layout.data,
      STRATALAB_SECRETS: layout.secrets,
      STRATALAB_PORT: String(layout.port),
      STRATALAB_ROOT: layout.root,
      STRATALAB_VENV: layout.venv,
      STRATALAB_NODE: layout.node,
      STRATALAB_ADMIN: layout.admin
    }
  });
  closeSync(log);
  return hub;
}

/** Keeps one older log beside the current one, so that logs never fill the disk. */
function shortened(path: string): string {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > longestLogBytes) renameSync(path, `${path}.1`);
  return path;
}

/**
 * Waits until the Hub shows its sign-in page and the platform answers behind it.
 * @throws unavailable with the last words of the log when it ends or does not come up
 */
export async function waitUntilReady(layout: Layout, hub: ChildProcess, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  const direct = [`http://127.0.0.1:${layout.port + 2}/hub/health`, `http://127.0.0.1:${layout.port + 3}/livez`];
  const throughProxy = ['/hub/login', '/services/stratalab/livez'].map(path => `${publicUrl(layout)}${path}`);
  while (Date.now() < deadline && !signal.aborted) {
    if (hub.exitCode !== null || hub.signalCode !== null) break;
    if ((await allAnswer(direct)) && (await allAnswer(throughProxy))) return;
    await pause(150);
  }
  if (signal.aborted) return;
  throw new Problem('unavailable', { detail: `The Hub did not come up.\n${await lastWords(layout)}`, hint: `See ${join(layout.logs, 'hub.log')}.` });
}

async function allAnswer(urls: readonly string[]): Promise<boolean> {
  const answers = await Promise.all(
    urls.map(url =>
      fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
        answer => answer.ok,
        () => false
      )
    )
  );
  return answers.every(Boolean);
}

async function lastWords(layout: Layout): Promise<string> {
  const text = await readFile(join(layout.logs, 'hub.log'), 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-8).join('\n');
}

/** Stops the Hub in order (it stops proxy, platform and workspaces); at once after 15 s, or when `force` says so. */
export async function stopHub(hub: ChildProcess, force: AbortSignal): Promise<void> {
  if (hub.exitCode !== null || hub.signalCode !== null || hub.pid === undefined) return;
  const ended = new Promise<void>(resolve => hub.once('exit', () => resolve()));
  hub.kill('SIGTERM');
  const isEarly = AbortSignal.any([force, AbortSignal.timeout(stopTimeoutMs)]);
  await Promise.race([ended, pause(2 * stopTimeoutMs, undefined, { signal: isEarly, ref: false }).catch(() => undefined)]);
  if (hub.exitCode === null && hub.signalCode === null) {
    process.kill(-hub.pid, 'SIGKILL');
    await ended;
  }
}
