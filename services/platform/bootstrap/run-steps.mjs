import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root } from './paths.mjs';

/**
 * @typedef {object} Step
 * @property {string} name stable name; also the name of its stamp
 * @property {string} title what people read
 * @property {() => string[]} inputs files and folders whose content decides whether the step is fresh
 * @property {() => string} [facts] what else decides, as text
 * @property {() => string[]} [outputs] paths that must exist for the step to count as done
 * @property {() => boolean} [isDone] answers exactly, where that is possible, whether there is nothing to do; else the stamp decides
 * @property {(say: (text: string) => void) => Promise<void>} run does the work; may be interrupted and run again
 */

const lock = join(cache, 'set-up.lock');
/** Names the step that runs; it outlives an interruption. */
const unfinished = join(cache, 'set-up.unfinished');

/** Runs the steps whose inputs changed since they last succeeded. One set-up at a time. @param {Step[]} steps */
export async function runSteps(steps) {
  const stale = steps.filter(step => !(step.isDone?.() ?? isFresh(step)));
  if (stale.length === 0) return;
  mkdirSync(cache, { recursive: true });
  takeLock();
  const interrupt = () => process.exit(130);
  const unlock = () => rmSync(lock, { force: true });
  process.once('exit', unlock);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupt);
  try {
    if (existsSync(unfinished)) process.stderr.write(`The set-up was interrupted before (${readFileSync(unfinished, 'utf8')}); it goes on.\n`);
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
  writeFileSync(unfinished, step.title);
  try {
    await step.run(text => {
      last = text;
      if (isTerminal) draw();
    });
    stamp(step);
    rmSync(unfinished, { force: true });
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
  return existsSync(stampPath(step)) && readFileSync(stampPath(step), 'utf8') === digest(step);
}

function stamp(step) {
  const path = stampPath(step);
  writeFileSync(`${path}.new`, digest(step));
  renameSync(`${path}.new`, path);
}

/** Digest over names and contents; folders are walked, dependencies and outputs inside them are not inputs. */
function digest(step) {
  const hash = createHash('sha256').update(step.facts?.() ?? '');
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
  for (const path of step.inputs()) visit(path);
  return hash.digest('hex');
}

function takeLock() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
  } catch {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (pid > 1 && isSetUp(pid)) throw new Error(`Another set-up is running here (process ${pid}). Wait for it, or stop it.`);
    writeFileSync(lock, String(process.pid));
  }
}

/** A pid is reused sooner or later: it counts only for a process of ours. */
function isSetUp(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const command = `/proc/${pid}/cmdline`;
  return !existsSync(command) || readFileSync(command, 'utf8').includes('stratalab');
}
