#!/usr/bin/env node
// First stage of every command: plain JavaScript for any Node >= 18, without a dependency. It installs what is missing, then hands over to Node 24.
import { spawn } from 'node:child_process';
import { root, node24 } from './paths.mjs';
import { browserSteps, productSteps, testSteps } from './steps.mjs';
import { runSteps } from './run-steps.mjs';

const [command = 'start', ...rest] = process.argv.slice(2);

if (Number(process.versions.node.split('.')[0]) < 18) {
  console.error(`Stratalab needs Node 18 or newer to begin with; this is ${process.version}.`);
  process.exit(1);
}

/** What must be there before the command can run. */
function stepsFor(name) {
  if (name === 'doctor' || name === 'status' || name === 'stop') return [];
  if (name === 'test') return [...productSteps(), ...browserSteps(), ...testSteps(rest)];
  return [...productSteps(), ...browserSteps()];
}

const target =
  command === 'test' ? ['services/platform/bootstrap/test-lanes.mjs', ...rest] : ['--disable-warning=ExperimentalWarning', 'services/platform/src/cli.ts', command, ...rest];

try {
  await runSteps(stepsFor(command));
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
const child = spawn(findNode24(), target, { cwd: root, stdio: 'inherit' });
// The child decides how to stop; both get Ctrl-C from the terminal.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signal === 'SIGINT' || child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));

function findNode24() {
  try {
    return node24();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return process.exit(1);
  }
}
