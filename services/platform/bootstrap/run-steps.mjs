import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root } from './paths.mjs';

/**
 * @typedef {object} Step
 * @property {string} name stable name; also the name of its stamp
 * @property {string} title what people read
 * @property {() => string[]} inputs files and folders whose content decides whether the step is fresh
 * @property {() => string[]} [outputs] paths that must exist for the step to count as done
 * @property {(say: (text: string) => void) => Promise<void>} run does the work; may be interrupted and run again
 */

const lock = join(cache, 'set-up.lock');

/** Runs the steps whose inputs changed since they last succeeded. One set-up at a time. @param {Step[]} steps */
export async function runSteps(steps) {
  const stale = steps.filter(step => !isFresh(step));
  if (stale.length === 0) return;
  mkdirSync(cache, { recursive: true });
  takeLock();
  const interrupt = () => process.exit(130);
  const unlock = () => rmSync(lock, { force: true });
  process.once('exit', unlock);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupt);
  try {
    for (const [index, step] of stale.entries()) await runStep(step, `[${index + 1}/${stale.length}]`);
  } finally {
    unlock();
    process.off('exit', unlock);
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupt);
  }
}

async function runStep(step, position) {
  const started = Date.now();
  const elapsed = () => `${((Date.now() - started) / 1000).toFixed(0)} s`;
  const isTerminal = process.stderr.isTTY === true;
  let last = '';
  const draw = () => process.stderr.write(`\r\x1b[2K${position} ${step.title} · ${elapsed()}${last === '' ? '' : ` · ${last}`}`.slice(0, (process.stderr.columns ?? 100) - 1));
  const timer = isTerminal ? setInterval(draw, 250) : setInterval(() => process.stderr.write(`${position} ${step.title} · ${elapsed()}\n`), 30_000);
  if (isTerminal) draw();
  else process.stderr.write(`${position} ${step.title} …\n`);
  try {
    await step.run(text => {
      last = text;
      if (isTerminal) draw();
    });
    stamp(step);
    process.stderr.write(`${isTerminal ? '\r\x1b[2K' : ''}${position} ${step.title} · done in ${elapsed()}\n`);
  } catch (error) {
    if (isTerminal) process.stderr.write('\n');
    throw new Error(`${step.title} failed. ${error instanceof Error ? error.message : String(error)}\nRun the command again to continue where it stopped.`);
  } finally {
    clearInterval(timer);
  }
}

function stampPath(step) {
  return join(cache, `${step.name}.stamp`);
}

function isFresh(step) {
  if ((step.outputs?.() ?? []).some(path => !existsSync(join(root, path)))) return false;
  return existsSync(stampPath(step)) && readFileSync(stampPath(step), 'utf8') === digest(step.inputs());
}

function stamp(step) {
  const path = stampPath(step);
  writeFileSync(`${path}.new`, digest(step.inputs()));
  renameSync(`${path}.new`, path);
}

/** Digest over names and contents; folders are walked, dependencies and outputs inside them are not inputs. */
function digest(paths) {
  const hash = createHash('sha256');
  const visit = path => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) {
        if (['node_modules', 'lib', 'labextension', '__pycache__', 'test-results'].includes(name) || name.endsWith('.tsbuildinfo')) continue;
        visit(join(path, name));
      }
    } else {
      hash.update(path).update('\0').update(readFileSync(full)).update('\0');
    }
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

function takeLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
  } catch {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (pid > 1 && isAlive(pid)) throw new Error(`Another set-up is running here (process ${pid}). Wait for it, or stop it.`);
    writeFileSync(lock, String(process.pid));
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
