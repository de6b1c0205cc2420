import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What is written about the process of a replica, to find it again after a restart of the platform. */
export interface ProcessRecord {
  readonly pid: number;
  /** When the kernel started it: a process id is given to another program later, this pair never. */
  readonly startTicks: string;
  readonly startedAt: string;
}

const idPattern = /^[a-z0-9][a-z0-9-]{0,100}$/;

/** The folder of one replica: `spec.json` (0600, with the secret), `process.json`, `port.json`, `warm` and `log`. */
export interface ReplicaFolder {
  readonly path: string;
  readonly log: string;
  writeSpec(spec: Readonly<Record<string, unknown>>): Promise<void>;
  readSecret(): Promise<string | undefined>;
  readPort(): Promise<number | undefined>;
  writeProcess(record: ProcessRecord): Promise<void>;
  readProcess(): Promise<ProcessRecord | undefined>;
  /** Remembers that this process answered a real request. */
  writeWarm(record: ProcessRecord): Promise<void>;
  isWarm(record: ProcessRecord): Promise<boolean>;
  /** Forgets the process, keeps the log. */
  forgetProcess(): Promise<void>;
  remove(): Promise<void>;
}

export function replicaFolder(base: string, id: string): ReplicaFolder {
  if (!idPattern.test(id)) throw new Error(`'${id}' cannot name a replica.`);
  const path = join(base, id);
  const file = (name: string): string => join(path, name);
  const write = async (name: string, value: unknown): Promise<void> => {
    await writeFile(file(`${name}.new`), JSON.stringify(value), { mode: 0o600 });
    await rename(file(`${name}.new`), file(name));
  };
  return {
    path,
    log: file('log'),
    async writeSpec(spec) {
      await rm(file('port.json'), { force: true });
      await write('spec.json', spec);
    },
    readSecret: async () => textOf((await read(file('spec.json')))?.['secret']),
    readPort: async () => numberOf((await read(file('port.json')))?.['port']),
    writeProcess: record => write('process.json', record),
    async readProcess() {
      const fields = await read(file('process.json'));
      const pid = numberOf(fields?.['pid']);
      const startTicks = textOf(fields?.['startTicks']);
      const startedAt = textOf(fields?.['startedAt']);
      return pid === undefined || startTicks === undefined || startedAt === undefined ? undefined : { pid, startTicks, startedAt };
    },
    writeWarm: record => write('warm.json', record),
    async isWarm(record) {
      const fields = await read(file('warm.json'));
      return fields?.['pid'] === record.pid && fields['startTicks'] === record.startTicks;
    },
    async forgetProcess() {
      for (const name of ['process.json', 'port.json', 'warm.json', 'spec.json']) await rm(file(name), { force: true });
    },
    remove: () => rm(path, { recursive: true, force: true })
  };
}

/** Names of the replicas that have a folder. */
export async function listReplicaFolders(base: string): Promise<readonly string[]> {
  return (await readdir(base).catch((): string[] => [])).filter(name => idPattern.test(name));
}

async function read(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
