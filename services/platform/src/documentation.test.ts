import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { isPermission } from '@stratalab/contracts';
import { environment } from './config.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.md'))
    .map(path => join('docs', path))
    .sort()
];
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Block {
  readonly language: string;
  readonly text: string;
}

function blocksOf(page: string): readonly Block[] {
  return [...read(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, text }));
}

/** Names of settings in the generated reference, and what the platform gives to workspaces and jobs. */
const settings = new Set([...read('docs/reference/configuration.md').matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name));
const given = new Set([
  'STRATALAB_URL',
  'STRATALAB_TENANT',
  'STRATALAB_OUTPUTS',
  'STRATALAB_PROGRESS_URL',
  'STRATALAB_JOB_ID',
  'STRATALAB_TOKEN_FILE',
  'STRATALAB_KEY',
  'STRATALAB_PROFILE',
  'STRATALAB_TEST_PICTURES'
]);

describe.each(pages)('%s', page => {
  test('links and pictures lead somewhere', () => {
    const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter(target => !/^(https?:|#)/.test(target));
    const missing = targets.filter(target => !existsSync(join(root, dirname(page), target.split('#')[0] ?? '')));
    expect(missing).toEqual([]);
  });

  test('every setting it names exists', () => {
    const names = [...read(page).matchAll(/\b(STRATALAB_[A-Z0-9_]*[A-Z]|DATABASE_URL)\b/g)].map(([, name = '']) => name);
    expect([...new Set(names)].filter(name => !settings.has(name) && !given.has(name))).toEqual([]);
  });

  test('every command in it exists, with its options', () => {
    const usage = read('services/platform/src/cli.ts');
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    const text = read(page);
    for (const [, words = ''] of text.matchAll(/npx stratalab ([a-z][^`\n#]*)/g)) {
      const [command = '', ...rest] = words.trim().split(/\s+/);
      expect(usage).toContain(`case '${command}':`);
      for (const word of rest.filter(option => option.startsWith('--'))) expect(usage).toMatch(new RegExp(`\\b${word.slice(2)}'?: \\{`));
    }
    for (const [, script = ''] of text.matchAll(/npm run ([a-z:]+)/g)) expect(scripts).toContain(script);
    for (const [, scope = ''] of text.matchAll(/--scope ([a-z:-]+)/g)) expect(isPermission(scope)).toBe(true);
  });

  test('shell lines are valid shell, Python cells are valid Python', () => {
    const python = join(environment['STRATALAB_VENV'] ?? join(root, '.venv'), 'bin/python');
    for (const { language, text } of blocksOf(page)) {
      if (language === 'sh') expect({ text, ...check('bash', ['-n'], text) }).toMatchObject({ complaint: '' });
      // IPython understands magics; its own transformer says what Python they become.
      const program = 'import ast, sys\nfrom IPython.core.inputtransformer2 import TransformerManager\nast.parse(TransformerManager().transform_cell(sys.stdin.read()))';
      if (language === 'python') expect({ text, ...check(python, ['-c', program], text) }).toMatchObject({ complaint: '' });
    }
  });
});

function check(program: string, args: readonly string[], input: string): { readonly complaint: string } {
  const { status, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  return { complaint: status === 0 ? '' : stderr };
}

test('every panel of the suite has its page', () => {
  expect(readdirSync(join(root, 'docs/panels')).sort()).toEqual([
    'administration.md',
    'agents.md',
    'data.md',
    'endpoints.md',
    'jobs.md',
    'models.md',
    'pipelines-and-lineage.md',
    'queue.md'
  ]);
});
