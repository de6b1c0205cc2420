import { createServer } from 'node:net';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { examine } from '../commands/doctor.ts';
import { dataVersion } from '../supervisor/data-folder.ts';
import { readLayout, type Layout } from '../supervisor/layout.ts';
import { dataChecks } from './data.ts';
import type { Finding } from './finding.ts';
import { installationChecks } from './installation.ts';

const port = 18_720;
let layout: Layout;
beforeEach(async () => {
  layout = readLayout({ STRATALAB_DATA: await mkdtemp('/tmp/stratalab-doctor-'), STRATALAB_PORT: String(port) });
});
afterEach(() => rm(layout.data, { recursive: true, force: true }));

/** The finding of one check of the data folder; with `venv` or `root` changed, of the installation. */
async function find(name: string, changes: { readonly freeMiB?: number; readonly layout?: Partial<Layout>; readonly url?: string } = {}): Promise<Finding | undefined> {
  const examined = {
    layout: { ...layout, ...changes.layout },
    environment: changes.url === undefined ? {} : { DATABASE_URL: changes.url },
    facts: { freeMiB: async () => changes.freeMiB ?? 100_000 }
  };
  const findings = await examine(examined, changes.layout === undefined ? dataChecks : installationChecks);
  return findings.find(finding => finding.name === name);
}

describe('doctor', () => {
  test('finds nothing to mend on a sound installation', async () => {
    const findings = await examine({ layout, environment: {}, facts: { freeMiB: async () => 100_000 } });
    expect(findings.filter(finding => finding.level === 'fail' && finding.name !== 'JupyterLab extension')).toEqual([]);
  });

  test('says what is missing and how to mend it', async () => {
    const venv = join(layout.data, 'nowhere');
    expect(await find('Python environment', { layout: { venv } })).toMatchObject({ level: 'fail', hint: expect.stringContaining('npm start') });
    expect(await find('PostgreSQL', { layout: { venv } })).toMatchObject({ level: 'fail', hint: expect.stringContaining('npm start') });
    expect(await find('JupyterLab extension', { layout: { root: layout.data } })).toMatchObject({ level: 'fail' });
  });

  test.each([
    [100, 'fail'],
    [1_000, 'warn'],
    [10_000, 'ok']
  ])('%i MiB of free disk are %s', async (freeMiB, level) => {
    expect(await find('Disk', { freeMiB })).toMatchObject({ level, message: expect.stringContaining(String(freeMiB)) });
  });

  test('names a port that is taken', async () => {
    const server = createServer().listen(port + 2, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    try {
      expect(await find('Ports')).toMatchObject({
        level: 'fail',
        message: expect.stringMatching(new RegExp(`Port ${port + 2} .*process ${process.pid}`)),
        hint: expect.stringContaining('STRATALAB_PORT')
      });
    } finally {
      server.close();
    }
  });

  test('refuses a data folder of a newer version and secrets that others can read', async () => {
    await writeFile(join(layout.data, 'version'), String(dataVersion + 1));
    expect(await find('Data folder')).toMatchObject({ level: 'fail', message: expect.stringContaining('newer') });
    await mkdir(layout.secrets);
    await writeFile(join(layout.secrets, 'internal-key'), 'x');
    await chmod(join(layout.secrets, 'internal-key'), 0o640);
    expect(await find('Secrets')).toMatchObject({ level: 'fail', message: expect.stringContaining('internal-key'), hint: expect.stringContaining('chmod 600') });
  });

  test('checks the server of DATABASE_URL', async () => {
    expect(await find('Database', { url: 'postgresql://stratalab:x@127.0.0.1:1/stratalab' })).toMatchObject({ level: 'fail', message: expect.stringContaining('does not answer') });
  });
});
