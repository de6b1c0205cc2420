import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { processConfig } from './config.ts';
import { hubSettings, internalSettings, startSettings } from './settings-reference.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): Promise<string> => readFile(`${root}${path}`, 'utf8');
const documented = new Set([...Object.keys(startSettings.properties), ...Object.keys(hubSettings.properties), ...internalSettings]);

describe('the reference of settings', () => {
  test('names every setting that the Hub reads', async () => {
    const text = `${await read('hub-config/stratalab_hub/settings.py')}`;
    const names = [...text.matchAll(/environ(?:\.get\(|, )"((?:STRATALAB|DATABASE)_[A-Z_]+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter(name => name === undefined || !documented.has(name))).toEqual([]);
  });

  test('names every setting of workspaces on a cluster', async () => {
    const text = await read('hub-config/stratalab_hub/cluster/settings.py');
    const names = [...text.matchAll(/read\.[a-z]+\("(STRATALAB_[A-Z_]+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(8);
    // Namespaces, claims and GPUs are the same for jobs, so the platform names those.
    const isNamed = (name: string): boolean => documented.has(name) || Object.hasOwn(processConfig.properties, name);
    expect(names.filter(name => name === undefined || !isNamed(name))).toEqual([]);
  });

  test('names every option of sign-in by OpenID Connect, and no other', async () => {
    const text = await read('hub-config/stratalab_hub/oidc.py');
    const required = [...(/REQUIRED = \(([^)]*)\)/.exec(text)?.[1] ?? '').matchAll(/"([A-Z_]+)"/g)].map(([, name]) => name);
    const optional = [...text.matchAll(/option\.get\("([A-Z_]+)"/g)].map(([, name]) => name);
    const named = [...documented].filter(name => name.startsWith('STRATALAB_OIDC_')).map(name => name.replace('STRATALAB_OIDC_', ''));
    expect([...named].sort()).toEqual([...new Set([...required, ...optional])].sort());
  });

  test('names every setting that the start reads', async () => {
    const text = await read('services/platform/src/supervisor/layout.ts');
    const names = [...text.matchAll(/environment\['(STRATALAB_[A-Z_]+)'\]/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter(name => name === undefined || !documented.has(name))).toEqual([]);
  });
});
