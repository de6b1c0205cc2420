import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { Layout } from './layout.ts';

/**
 * How the administrator gets in: a one-time link while the account has no password, else the account's name.
 * A password in STRATALAB_ADMIN_PASSWORD is set here; it travels by the environment of one short process, never in argv.
 * @throws invalid-request when that password is not acceptable
 */
export async function describeSignIn(layout: Layout, environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const path = await runInvite(layout, environment);
  return path === '' ? `Sign in as '${layout.admin}'.` : `First sign-in (the link works once): ${layout.origin}${path}`;
}

function runInvite(layout: Layout, environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(layout.venv, 'bin/python'), ['-m', 'stratalab_hub.invite', layout.admin], {
      cwd: join(layout.root, 'hub-config'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: environment['PATH'], STRATALAB_DATA: layout.data, STRATALAB_ADMIN_PASSWORD: environment['STRATALAB_ADMIN_PASSWORD'] }
    });
    let out = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('error', reject);
    child.once('close', code => (code === 0 ? resolve(out.trim()) : reject(new Problem('invalid-request', { detail: complaint.trim() }))));
  });
}
