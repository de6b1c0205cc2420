import { fileURLToPath } from 'node:url';

const here = path => fileURLToPath(new URL(path, import.meta.url));

/** Services run as they are: ES modules in TypeScript, stripped by swc; one real PostgreSQL per run. */
export default {
  rootDir: here('../..'),
  roots: ['<rootDir>/services'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/lib/', '/engine/'],
  modulePathIgnorePatterns: ['/lib/', '/labextension/'],
  testEnvironment: 'node',
  testEnvironmentOptions: { exportConditions: ['node', 'node-addons', 'import'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' }, sourceMaps: 'inline' }] },
  transformIgnorePatterns: ['/node_modules/'],
  globalSetup: here('src/test-database/global-setup.ts'),
  globalTeardown: here('src/test-database/global-teardown.ts'),
  maxWorkers: 2,
  // Tests wait for conditions and never for time: a limit only ends what hangs.
  testTimeout: 180_000,
  forceExit: false
};
