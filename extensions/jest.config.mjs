import { fileURLToPath } from 'node:url';

const here = path => fileURLToPath(new URL(path, import.meta.url));
// Packages that ship ES modules only.
const esm = [
  '@jupyterlab/',
  '@jupyter/',
  '@microsoft/',
  '@codemirror/',
  '@marijn/',
  '@lezer/',
  '@lumino/',
  'exenv-es6',
  'lib0',
  'nanoid',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs',
  'marked',
  'typebox',
  '@rjsf/'
].join('|');

/** Panels in jsdom, compiled to CommonJS by swc; what they import of ours is read from its source. */
export default {
  rootDir: here('.'),
  testEnvironment: '<rootDir>/tooling/jsdom-with-fetch.cjs',
  testMatch: ['<rootDir>/*/src/**/*.test.{ts,tsx}'],
  transform: {
    '\\.[cm]?[jt]sx?$': [
      '@swc/jest',
      { sourceMaps: 'inline', jsc: { parser: { syntax: 'typescript', tsx: true }, transform: { react: { runtime: 'classic' } }, target: 'es2022' }, module: { type: 'commonjs' } }
    ]
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esm}))`],
  moduleNameMapper: {
    '\\.(css|less|sass|scss)$': 'identity-obj-proxy',
    '\\.svg$': '<rootDir>/tooling/svg.cjs',
    '^@stratalab/contracts$': '<rootDir>/../services/contracts/src/index.ts',
    '^@stratalab/contracts/([a-z]+)$': '<rootDir>/../services/contracts/src/$1/index.ts',
    '^@stratalab/client$': '<rootDir>/../services/client/src/index.ts',
    '^@stratalab/lab-([a-z]+)$': '<rootDir>/$1/src/index.ts'
  },
  modulePathIgnorePatterns: ['<rootDir>/lab/labextension/', '/lib/'],
  setupFiles: ['<rootDir>/tooling/shims.cjs'],
  maxWorkers: 2,
  // Tests wait for what they want to see; a limit only ends what hangs.
  testTimeout: 60_000
};
