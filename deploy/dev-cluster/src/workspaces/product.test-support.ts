import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { tryProgram } from '../run-program.ts';
import { clusterRoot } from '../settings.ts';

export const repository = join(clusterRoot, '../..');
const startTimeoutMs = 180_000;
const answerTimeoutMs = 75_000;
const storyTimeoutMs = 580_000;

/** Calls the Hub's API as the test service. An answer that does not end in time is cut there. @throws Error when none begins in time */
export type Hub = (method: string, path: string, body?: object) => Promise<{ readonly status: number; readonly text: string }>;

export interface Product {
  readonly url: string;
  readonly hub: Hub;
  /** What the Hub wrote down. */
  log(): Promise<string>;
  /** Ends it in order, as Ctrl-C does. */
  stop(): Promise<void>;
}

export interface ProductOptions {
  readonly data: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** Of the test service. */
export const opsToken = 'cluster-tests-only-0123456789abcdef';
/** Of the administrator. */
export const password = 'correct horse battery';

/** The whole product as `npm start` runs it, without the installation before. @throws Error with its last words when it is not ready in time */
export async function startProduct({ data, port, environment }: ProductOptions): Promise<Product> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'services/platform/src/cli.ts', 'start'], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...{ STRATALAB_DATA: data, STRATALAB_PORT: String(port), STRATALAB_ADMIN_PASSWORD: password, STRATALAB_OPS_TOKEN: opsToken, STRATALAB_UI_TEST: '1' },
      ...environment
    }
  });
  try {
    await ready(child);
  } catch (error) {
    await stop(child);
    const log = await readFile(join(data, 'logs/hub.log'), 'utf8').catch(() => '');
    throw new Error(`${String(error)}\n${log.slice(-3000)}`, { cause: error });
  }
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    hub: hubOf(url),
    log: () => readFile(join(data, 'logs/hub.log'), 'utf8'),
    stop: () => stop(child)
  };
}

export function hubOf(url: string): Hub {
  return async (method, path, body) => {
    const answer = await fetch(`${url}/hub/api${path}`, {
      method,
      signal: AbortSignal.timeout(answerTimeoutMs),
      headers: { authorization: `token ${opsToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    });
    return { status: answer.status, text: await textOf(answer) };
  };
}

export interface Stage {
  /** Where the product answers. */
  readonly url: string;
  /** What stories may look at besides the screen. */
  readonly cluster: { readonly prefix: string; readonly data: string; readonly kubectl: readonly string[] };
}

/** Runs one story of `ui-tests/cluster-tests` against a product, in a browser of its own; it fails as the story does. */
export async function tellStory(name: string, { url, cluster }: Stage): Promise<void> {
  const program = join(repository, 'ui-tests/node_modules/@playwright/test/cli.js');
  const { code, output, errors } = await tryProgram(process.execPath, [program, 'test', name, '--config', 'playwright.cluster.config.ts'], {
    cwd: join(repository, 'ui-tests'),
    // Its runner refuses to start below this one.
    environment: { STRATALAB_TEST_URL: url, STRATALAB_TEST_CLUSTER: JSON.stringify(cluster), JEST_WORKER_ID: '' },
    timeoutMs: storyTimeoutMs
  });
  expect({ code, story: code === 0 ? '' : `${output}${errors}`.slice(-6000) }).toEqual({ code: 0, story: '' });
}

/** All of an answer, or what came of it in time. */
async function textOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of answer.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch (error) {
    text += `\n(cut: ${String(error)})`;
  }
  return text;
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let words = '';
    const timer = setTimeout(() => reject(new Error(`The product was not ready in time. ${words.slice(-2000)}`)), startTimeoutMs);
    const hear = (chunk: Buffer): void => {
      words += chunk.toString();
      if (!words.includes('Stratalab is ready')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', code => {
      clearTimeout(timer);
      reject(new Error(`The product ended with ${code} before it was ready. ${words.slice(-2000)}`));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
