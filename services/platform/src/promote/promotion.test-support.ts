import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, createInternalToken } from '@stratalab/kernel';
import { administrator, createTestHost, fakeControlPorts, type TestHost } from '@stratalab/tooling';
import { composeObjects } from '../compose/objects.ts';
import { composeServices } from '../compose/services.ts';
import { processConfig } from '../config.ts';
import { writePlatformSettings } from '../testing/platform-settings.test-support.ts';
import { createTarget, type Target } from './target.ts';

/** All services on a database and a data folder of their own, in this process, behind a real port. */
export interface Installation {
  readonly host: TestHost;
  readonly data: string;
  readonly url: string;
  /** The installation as a promotion sees it; `fetch` may be one that breaks. */
  asTarget(wrap?: (request: typeof fetch) => typeof fetch): Target;
  close(): Promise<void>;
}

/** @param environment settings beside those a test needs */
export async function createInstallation(environment: Readonly<Record<string, string>> = {}): Promise<Installation> {
  const data = await realpath(await mkdtemp(join(tmpdir(), 'stratalab-promote-')));
  const settings = await writePlatformSettings(data);
  const all = { ...settings.environment, DATABASE_URL: 'unused', JUPYTERHUB_API_URL: 'http://127.0.0.1:1/hub/api', ...environment };
  const config = loadConfig(processConfig, all);
  const services = composeServices({ config, objects: await composeObjects(config), people: fakeControlPorts().people });
  const host = await createTestHost({ services, environment: all });
  await host.host.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = unsafeAddress(host.host.app.server.address());
  const url = `http://127.0.0.1:${port}`;
  // Internal tokens live for a minute; a real administrator's token lives longer.
  const direct: typeof fetch = (input, init) => {
    const credential = `Bearer ${createInternalToken(administrator, host.internalKey, new Date())}`;
    return fetch(String(input).replace('/services/stratalab', ''), { ...init, headers: { ...Object(init?.headers), authorization: credential } });
  };
  return {
    host,
    data,
    url,
    asTarget: (wrap = request => request) => createTarget({ to: url, credential: 'replaced-by-the-test', isHttpAllowed: false, fetch: wrap(direct) }),
    async close() {
      await host.close();
      await rm(data, { recursive: true, force: true });
    }
  };
}

/** Writes a file of a tenant as it lies on the data volume. */
export async function writeTenantFile(data: string, tenant: string, name: string, content: string | Buffer): Promise<void> {
  const path = join(data, 'tenants', tenant, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
}

/** Names of everything below a folder, sorted; folders end in a slash. */
export async function listTree(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.map(entry => `${join(entry.parentPath, entry.name).slice(folder.length + 1)}${entry.isDirectory() ? '/' : ''}`).sort();
}

function unsafeAddress(address: unknown): AddressInfo {
  return address as AddressInfo;
}
