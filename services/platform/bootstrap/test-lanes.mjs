// Runs the test lanes and ends with one line `N passed, N failed` over all of them. Any Node >= 18.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, node24, python, root } from './paths.mjs';

const reports = join(cache, 'reports');
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

/** Tests that use no database, or one of their own: the second server tells nothing new about them. */
const ownServer = ['services/(client|contracts|platform)/', 'services/adapters/(?!database-postgres)'];

/** Each lane runs one runner that writes a report we can count. */
const lanes = {
  unit: {
    report: join(reports, 'unit.json'),
    command: report => [node24(), [...jest, '--config', 'services/tooling/jest.services.config.mjs', '--json', `--outputFile=${report}`]],
    count: countJest
  },
  // The services again on a PostgreSQL by URL: version 18 over TCP, with a role that is no superuser.
  'by-url': {
    report: join(reports, 'by-url.json'),
    command: report => [
      node24(),
      [...jest, '--config', 'services/tooling/jest.services.config.mjs', '--testPathIgnorePatterns', '/node_modules/', ...ownServer, '--json', `--outputFile=${report}`]
    ],
    env: () => ({ STRATALAB_TEST_SERVER: 'stock' }),
    count: countJest
  },
  browser: {
    report: join(reports, 'browser.json'),
    isPresent: () => existsSync(join(root, 'extensions/jest.config.mjs')),
    command: report => [node24(), [...jest, '--config', 'extensions/jest.config.mjs', '--json', `--outputFile=${report}`]],
    count: countJest
  },
  python: {
    report: join(reports, 'python.xml'),
    command: report => [
      python,
      ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...['hub-config/tests', 'extensions/python/tests'].filter(path => existsSync(join(root, path))), `--junitxml=${report}`]
    ],
    count: countJunit
  },
  ui: {
    report: join(reports, 'ui.json'),
    command: () => [node24(), ['node_modules/@playwright/test/cli.js', 'test']],
    cwd: join(root, 'ui-tests'),
    env: report => ({ STRATALAB_TEST_REPORT: report }),
    count: countPlaywright
  },
  // A real Kubernetes on this machine: asked for by name (npm run test:cluster), since it needs Go and openssl.
  cluster: {
    report: join(reports, 'cluster.json'),
    isOnDemand: true,
    command: report => [node24(), [...jest, '--config', 'services/tooling/jest.cluster.config.mjs', '--json', `--outputFile=${report}`]],
    count: countJest
  }
};

const wanted = process.argv.includes('--lane') ? process.argv[process.argv.indexOf('--lane') + 1].split(',') : Object.keys(lanes).filter(name => lanes[name].isOnDemand !== true);
mkdirSync(reports, { recursive: true });
let passed = 0;
let failed = 0;
for (const name of wanted) {
  const lane = lanes[name];
  if (lane === undefined) throw new Error(`There is no lane '${name}'; there are ${Object.keys(lanes).join(', ')}.`);
  if (lane.isPresent?.() === false) continue;
  rmSync(lane.report, { force: true });
  const [program, args] = lane.command(lane.report);
  process.stdout.write(`\n== ${name} ==\n`);
  const started = Date.now();
  const code = await run(program, args, { cwd: lane.cwd ?? root, env: lane.env?.(lane.report) ?? {} });
  const counted = existsSync(lane.report) ? lane.count(readFileSync(lane.report, 'utf8')) : { passed: 0, failed: 0 };
  // A lane that ran nothing, or ended badly without a failed test, is itself one failure.
  if (counted.passed + counted.failed === 0 || (code !== 0 && counted.failed === 0)) counted.failed += 1;
  passed += counted.passed;
  failed += counted.failed;
  process.stdout.write(`== ${name}: ${counted.passed} passed, ${counted.failed} failed in ${((Date.now() - started) / 1000).toFixed(0)} s ==\n`);
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

function run(program, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('exit', code => resolve(code ?? 1));
  });
}

function countJest(text) {
  const report = JSON.parse(text);
  return { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites };
}

function countJunit(text) {
  const number = name => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(text)?.[1] ?? 0);
  const failures = number('failures') + number('errors');
  return { passed: number('tests') - failures - number('skipped'), failed: failures };
}

function countPlaywright(text) {
  const { stats } = JSON.parse(text);
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
}
