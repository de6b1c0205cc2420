import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '@stratalab/contracts';
import type { ReplicaOrder } from '@stratalab/kernel';
import { startTicks } from '@stratalab/kernel/start-ticks';
import type { ProcessRecord, ReplicaFolder } from './replica-folder.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const chatEngine = here('../engine/src/server.ts');
const chatEnginePackages = here('../engine/node_modules/node-llama-cpp');
const pythonEngine = here('../python/model_server.py');

export interface LaunchOptions {
  readonly dataFolder: string;
  /** Python environment of the product. */
  readonly venv: string;
  /** Program that runs a command where of the data folder only its own folder and the tenant's objects exist; `undefined` where the system has no such thing. */
  readonly findJail: () => Promise<string | undefined>;
  /** Threads of one chat engine. More than one is slower on a machine that does anything else. */
  readonly threads: number;
  readonly orphanMs: number;
}

/** Starts the process of a replica in a session of its own, with its log in a file, so that both outlive us. */
export async function launch(options: LaunchOptions, order: ReplicaOrder, folder: ReplicaFolder): Promise<{ readonly record: ProcessRecord; readonly exited: Promise<string> }> {
  const { files } = order;
  const isChat = files.format === 'gguf';
  if (isChat && !existsSync(chatEnginePackages))
    throw new Problem('unavailable', { detail: 'The engine of chat models is not installed.', hint: 'Run `npx stratalab doctor`; the set-up installs it.' });
  await mkdir(folder.path, { recursive: true, mode: 0o700 });
  await folder.writeSpec({
    parallel: order.parallel,
    secret: randomBytes(32).toString('base64url'),
    orphanMs: options.orphanMs,
    ...(isChat ? { modelFile: join(files.folder, files.entryFile ?? ''), contextTokens: order.contextTokens ?? 2048, threads: options.threads } : { modelFolder: files.folder })
  });
  const program = isChat
    ? [process.execPath, '--disable-warning=ExperimentalWarning', chatEngine, folder.path]
    : [join(options.venv, 'bin/python'), '-B', pythonEngine, folder.path];
  const jail = await options.findJail();
  const [command = '', ...parameters] = jail === undefined ? program : [jail, '--data', options.dataFolder, '--home', folder.path, '--tenant', order.tenant, '--', ...program];
  const log = await open(folder.log, 'a', 0o600);
  try {
    const child = spawn(command, parameters, { cwd: folder.path, detached: true, stdio: ['ignore', log.fd, log.fd], env: environmentOf(options, folder) });
    const exited = new Promise<string>(resolve => {
      child.once('error', error => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal === null ? `ended with ${code ?? 'no code'}` : `was ended by ${signal}`));
    });
    child.unref();
    const ticks = child.pid === undefined ? undefined : await startTicks(child.pid);
    if (child.pid === undefined || ticks === undefined) throw new Problem('unavailable', { detail: `The process of the replica ${await exited}.` });
    return { record: { pid: child.pid, startTicks: ticks, startedAt: new Date().toISOString() }, exited };
  } finally {
    await log.close();
  }
}

/** Nothing of the platform's own environment: it holds credentials. */
function environmentOf(options: LaunchOptions, folder: ReplicaFolder): NodeJS.ProcessEnv {
  return {
    PATH: `${join(options.venv, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
    HOME: folder.path,
    LANG: 'C.UTF-8',
    NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true',
    OMP_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
    PYTHONUNBUFFERED: '1',
    MLFLOW_TRACKING_URI: 'file:///nowhere'
  };
}
