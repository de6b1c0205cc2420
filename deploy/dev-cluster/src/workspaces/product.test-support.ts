import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterRoot } from '../settings.ts';

export const repository = join(clusterRoot, '../..');
const startTimeoutMs = 180_000;
const answerTimeoutMs = 75_000;

export interface Product {
  readonly url: string;
  /** Calls the Hub's API as the test service. An answer that does not end in time is cut there. @throws Error when none begins in time */
  hub(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly text: string }>;
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

const opsToken = 'cluster-tests-only-0123456789abcdef';
const password = 'correct horse battery';

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
    async hub(method, path, body) {
      const answer = await fetch(`${url}/hub/api${path}`, {
        method,
        signal: AbortSignal.timeout(answerTimeoutMs),
        headers: { authorization: `token ${opsToken}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
      });
      return { status: answer.status, text: await textOf(answer) };
    },
    log: () => readFile(join(data, 'logs/hub.log'), 'utf8'),
    stop: () => stop(child)
  };
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
