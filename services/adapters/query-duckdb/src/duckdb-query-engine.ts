import { randomUUID } from 'node:crypto';
import { lstat, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { QueryEngine, QueryRequest, QueryTable } from '@stratalab/kernel';
import { createLimiter } from './limiter.ts';
import { problemOf } from './problem-of.ts';
import type { ChildSuccess } from './protocol.ts';
import { createJailFinder, type JailOptions } from './find-jail.ts';
import { runChild } from './run-child.ts';

export interface DuckDbOptions {
  /** Where queries spill what does not fit their memory; the system's folder for temporary files unless given. */
  readonly temporaryFolder?: string;
  /** Queries at once; the others wait. Four unless given. */
  readonly concurrency?: number;
  readonly threadCount?: number;
  /** Most MiB one query may spill; 4096 unless given. */
  readonly temporaryMiB?: number;
  /** Hides the data folder and the network from queries, where the system can do that. */
  readonly jail?: JailOptions;
}

const inspectLimits = { memoryMiB: 128, timeoutMs: 10_000, rowLimit: 0, byteLimit: 0 };

/** Queries in DuckDB: each call is a locked process of its own that sees the given files and nothing else. */
export function createDuckDbQueryEngine(options: DuckDbOptions = {}): QueryEngine {
  const enter = createLimiter(options.concurrency ?? 4);
  const findJail = createJailFinder(options.jail);
  const start = (request: Omit<QueryRequest, 'output'>, task: 'run' | 'inspect', outputPath?: string): Promise<ChildSuccess> =>
    enter(request.signal, async () => {
      const temporaryFolder = await mkdtemp(join(options.temporaryFolder ?? tmpdir(), 'stratalab-query-'));
      try {
        const { sql, tables, limits, signal } = request;
        const answer = await runChild(
          {
            sql,
            tables,
            limits,
            task,
            temporaryFolder,
            temporaryMiB: options.temporaryMiB ?? 4_096,
            threadCount: options.threadCount ?? Math.min(4, availableParallelism()),
            ...(outputPath === undefined ? {} : { outputPath })
          },
          { signal, wrap: await findJail() }
        );
        if (!answer.isOk) throw problemOf(answer.failure);
        return answer;
      } finally {
        await rm(temporaryFolder, { recursive: true, force: true });
      }
    });
  return {
    async run(request) {
      await Promise.all(request.tables.map(assertReadable));
      assertDistinct(request.tables);
      const { columns, rows, rowCount, isTruncated } =
        request.output === undefined ? await start(request, 'run') : await writeWhole(request.output, path => start(request, 'run', path));
      return { columns, rows, rowCount, isTruncated };
    },
    async inspect({ sql, signal }) {
      const { tableNames } = await start({ sql, signal, tables: [], limits: inspectLimits }, 'inspect');
      return { tableNames };
    }
  };
}

/** Links are refused: the configuration checks the path it is given, not where it leads. */
async function assertReadable(table: QueryTable): Promise<void> {
  if (table.files.length === 0) throw new Problem('invalid-input', { detail: `'${table.name}' has no files to read.` });
  for (const file of table.files) {
    const facts = isAbsolute(file) ? await lstat(file).catch(() => undefined) : undefined;
    if (facts?.isFile() !== true)
      throw new Problem('invalid-input', { detail: `A file of '${table.name}' is not there: ${basename(file)}.`, hint: 'Use another version of the dataset.' });
  }
}

/** SQL names do not tell upper from lower case. */
function assertDistinct(tables: readonly QueryTable[]): void {
  const seen = new Set<string>();
  for (const { name } of tables) {
    const folded = name.toLowerCase();
    if (seen.has(folded)) throw new Problem('invalid-input', { detail: `Two tables are called '${name}'; SQL does not tell upper from lower case.` });
    seen.add(folded);
  }
}

/** The file appears under its name only when it is complete and on the disk. */
async function writeWhole(output: { readonly folder: string; readonly fileName: string }, write: (path: string) => Promise<ChildSuccess>): Promise<ChildSuccess> {
  await mkdir(output.folder, { recursive: true });
  const partPath = join(output.folder, `.${randomUUID()}.part`);
  try {
    const answer = await write(partPath);
    const file = await open(partPath, 'r+');
    await file.sync().finally(() => file.close());
    await rename(partPath, join(output.folder, basename(output.fileName)));
    return answer;
  } finally {
    await rm(partPath, { force: true });
  }
}
