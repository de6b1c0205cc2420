import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@stratalab/contracts';
import type { ModelFacts, ModelFiles, ModelRuntime, ReplicaAddress, ReplicaObservation } from '@stratalab/kernel';
import { startTicks } from '@stratalab/kernel/start-ticks';
import { readGgufFacts } from './gguf-header.ts';
import { createJailFinder } from './find-jail.ts';
import { launch, type LaunchOptions } from './launch.ts';
import { askHealth, askOnce, firstQuestion, type Health } from './probe.ts';
import { signalGroup } from './signal-group.ts';
import { readLog } from './read-log.ts';
import { listReplicaFolders, replicaFolder, type ProcessRecord, type ReplicaFolder } from './replica-folder.ts';

export interface LocalModelRuntimeOptions {
  readonly dataFolder: string;
  /** Python environment of the product. */
  readonly venv: string;
  /** The jail program; used when it is there. */
  readonly jail?: string;
  /** Threads of one chat engine; 1 unless given. */
  readonly threads?: number;
  /** A replica nobody asked for its health for this long ends; 5 minutes unless given. */
  readonly orphanMs?: number;
}

const pythonFormats = ['mlflow-sklearn', 'mlflow-pyfunc'];
/** Interpreter with NumPy, pandas, scikit-learn and MLflow. */
const pythonOverheadBytes = 320 * 1024 * 1024;
const stopPollMs = 25;

/** Replicas as processes of this machine: GGUF chat models in node-llama-cpp, MLflow models in Python. */
export function createLocalModelRuntime(options: LocalModelRuntimeOptions): ModelRuntime {
  const base = join(options.dataFolder, 'serving');
  const launchOptions: LaunchOptions = {
    dataFolder: options.dataFolder,
    venv: options.venv,
    threads: options.threads ?? 1,
    orphanMs: options.orphanMs ?? 5 * 60_000,
    findJail: createJailFinder(options.dataFolder, options.jail)
  };
  const folderOf = (id: string): ReplicaFolder => replicaFolder(base, id);
  /** How the processes that were started here end; the kernel tells us a moment after they are gone. */
  const endings = new Map<string, Promise<string>>();
  const watchers = new Set<(id: string) => void>();
  const warmUps = new Map<string, { readonly pid: number; readonly error: string | undefined }>();

  const running = async (folder: ReplicaFolder): Promise<ProcessRecord | undefined> => {
    const record = await folder.readProcess();
    return record !== undefined && (await startTicks(record.pid)) === record.startTicks ? record : undefined;
  };

  const addressOf = async (folder: ReplicaFolder): Promise<ReplicaAddress | undefined> => {
    const [port, secret] = await Promise.all([folder.readPort(), folder.readSecret()]);
    return port === undefined || secret === undefined ? undefined : { origin: `http://127.0.0.1:${port}`, authorization: `Bearer ${secret}` };
  };

  /** Sends the first real request in the background; `observe` says `ready` after it was answered. */
  const warmUp = (id: string, replica: { folder: ReplicaFolder; record: ProcessRecord; address: ReplicaAddress; health: Health }): void => {
    if (warmUps.get(id)?.pid === replica.record.pid) return;
    warmUps.set(id, { pid: replica.record.pid, error: undefined });
    const question = firstQuestion(replica.health);
    void (async () => {
      const error = question === undefined ? undefined : await askOnce(replica.address, question);
      if (error === undefined) await replica.folder.writeWarm(replica.record).catch(() => undefined);
      // Another try at the next look; what went wrong is shown meanwhile.
      else warmUps.set(id, { pid: 0, error });
    })();
  };

  const observeRunning = async (id: string, folder: ReplicaFolder, record: ProcessRecord): Promise<ReplicaObservation> => {
    const { startedAt } = record;
    const address = await addressOf(folder);
    if (address === undefined) return { phase: 'launching', message: 'Starting the process.', startedAt };
    const health = await askHealth(address);
    if (health === undefined) return { phase: 'launching', message: 'Waiting for the process to answer.', startedAt, address };
    if (health.phase !== 'loaded') return { phase: 'loading', message: 'Loading the model into memory.', startedAt, address };
    if (await folder.isWarm(record)) return { phase: 'ready', message: 'Answers.', startedAt, address };
    const failure = warmUps.get(id)?.error;
    warmUp(id, { folder, record, address, health });
    return { phase: 'warming-up', message: failure === undefined ? 'Answering a first request.' : `The first request failed: ${failure}`, startedAt, address };
  };

  const runtime: ModelRuntime = {
    inspect,
    async start(order) {
      const folder = folderOf(order.id);
      if ((await running(folder)) !== undefined) return;
      await mkdir(base, { recursive: true, mode: 0o700 });
      const { record, exited } = await launch(launchOptions, order, folder);
      await folder.writeProcess(record);
      endings.set(order.id, exited);
      void exited.then(() => watchers.forEach(callback => callback(order.id)));
    },
    async observe(id) {
      const folder = folderOf(id);
      const record = await folder.readProcess();
      if (record === undefined) return undefined;
      if ((await running(folder)) === undefined) return { phase: 'exited', message: `The process ${(await endings.get(id)) ?? 'is gone'}.`, startedAt: record.startedAt };
      return observeRunning(id, folder, record);
    },
    address: async id => ((await running(folderOf(id))) === undefined ? undefined : addressOf(folderOf(id))),
    list: () => listReplicaFolders(base),
    async stop(id, { graceMs }) {
      const folder = folderOf(id);
      const record = await running(folder);
      if (record !== undefined) await endGroup(record, graceMs);
      await folder.forgetProcess();
      warmUps.delete(id);
      endings.delete(id);
    },
    async remove(id) {
      await runtime.stop(id, { graceMs: 0 });
      await folderOf(id).remove();
    },
    readLog: (id, range) => readLog(folderOf(id).log, range),
    watch(onExit, signal) {
      watchers.add(onExit);
      signal.addEventListener('abort', () => watchers.delete(onExit), { once: true });
    },
    async close() {
      watchers.clear();
      await Promise.all((await listReplicaFolders(base)).map(id => runtime.stop(id, { graceMs: 2_000 })));
    }
  };
  return runtime;
}

async function inspect(files: ModelFiles): Promise<ModelFacts> {
  if (files.format === 'gguf') {
    if (files.entryFile === undefined) throw new Problem('invalid-input', { detail: 'The model version holds no GGUF file.' });
    return readGgufFacts(join(files.folder, files.entryFile), files.sizeBytes);
  }
  if (pythonFormats.includes(files.format)) return { kind: 'predict', weightsBytes: files.sizeBytes, bytesPerToken: 0, overheadBytes: pythonOverheadBytes };
  throw new Problem('unsupported-format', {
    detail: `No engine on this installation serves the format '${files.format}'.`,
    hint: 'Chat models come as GGUF files; Python models are saved with mlflow.sklearn or mlflow.pyfunc.'
  });
}

/** Asks the group to end, waits, then ends it whatever it does. */
async function endGroup(record: ProcessRecord, graceMs: number): Promise<void> {
  const isGone = async (): Promise<boolean> => (await startTicks(record.pid)) !== record.startTicks;
  signalGroup(record.pid, graceMs === 0 ? 'SIGKILL' : 'SIGTERM');
  for (let waitedMs = 0; waitedMs < graceMs && !(await isGone()); waitedMs += stopPollMs) await pause(stopPollMs);
  // Also when the leader is gone: what it started must not stay.
  signalGroup(record.pid, 'SIGKILL');
  while (!(await isGone())) await pause(stopPollMs);
}
