import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { Problem } from '@stratalab/contracts';
import { countRows, manifestLine, movedTables, prepareForRows, readRowText, readTableFacts, type ManifestEntry, type MovedTable } from '@stratalab/control/promotion';
import type { Database, Tx } from '@stratalab/kernel';

/** A file to send: known by its content, read from its place here. */
export interface OutgoingFile {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly path: string;
}

export interface Outgoing {
  readonly manifest: OutgoingFile;
  /** Everything the manifest names, each content once, empty ones left out; the manifest itself is not among them. */
  readonly files: readonly OutgoingFile[];
  readonly rows: number;
  readonly fileCount: number;
  readonly sizeBytes: number;
  /** Links and special files, which do not travel. */
  readonly leftOut: readonly string[];
}

interface Gathering {
  readonly entries: ManifestEntry[];
  readonly files: Map<string, OutgoingFile>;
  readonly leftOut: string[];
}

/**
 * Writes down what a tenant consists of: its rows as one text file per table, its files by checksum, and a manifest of both.
 * Nobody else may be writing: the platform is stopped.
 */
export async function gatherTenant(parts: { readonly database: Database; readonly data: string; readonly folder: string; readonly tenant: string }): Promise<Outgoing> {
  const gathering: Gathering = { entries: [], files: new Map(), leftOut: [] };
  for (const { entry, file } of await gatherAllRows(parts)) {
    gathering.entries.push(entry);
    note(gathering, file);
  }
  await gatherFolder(gathering, join(parts.data, 'tenants', parts.tenant), '');
  const path = join(parts.folder, 'manifest.ndjson');
  const out = createWriteStream(path, { mode: 0o600 });
  for (const entry of gathering.entries) out.write(manifestLine(entry));
  const manifest = { path, ...(await closed(out, path)) };
  const files = [...gathering.files.values()];
  return {
    manifest,
    files,
    rows: gathering.entries.reduce((sum, entry) => sum + (entry.kind === 'rows' ? entry.rows : 0), 0),
    fileCount: gathering.entries.filter(({ kind }) => kind === 'file').length,
    sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    leftOut: gathering.leftOut
  };
}

interface GatheredRows {
  readonly entry: ManifestEntry;
  readonly file: OutgoingFile;
}

async function gatherAllRows({ database, tenant, folder }: { database: Database; tenant: string; folder: string }): Promise<readonly GatheredRows[]> {
  return database.asSystem(`promote ${tenant}`, async tx => {
    await prepareForRows(tx);
    const gathered: GatheredRows[] = [];
    for (const table of movedTables(await readTableFacts(tx))) gathered.push(await gatherRows(tx, { table, tenant, folder }));
    return gathered;
  });
}

async function gatherRows(tx: Tx, { table, tenant, folder }: { table: MovedTable; tenant: string; folder: string }): Promise<GatheredRows> {
  const path = join(folder, `${table.name}.ndjson`);
  const out = createWriteStream(path, { mode: 0o600 });
  for await (const lines of readRowText(tx, table, tenant)) if (!out.write(`${lines.join('\n')}\n`)) await drained(out);
  const file = { path, ...(await closed(out, path)) };
  return { file, entry: { kind: 'rows', table: table.name, ...(await countRows(tx, table, tenant)), sizeBytes: file.sizeBytes, sha256: file.sha256 } };
}

async function gatherFolder(gathering: Gathering, folder: string, prefix: string): Promise<void> {
  const names: string[] = [];
  for await (const entry of await opendir(folder).catch(() => [])) names.push(entry.name);
  for (const name of names.sort()) {
    const path = join(folder, name);
    const facts = await lstat(path);
    if (facts.isDirectory()) {
      gathering.entries.push({ kind: 'folder', name: `${prefix}${name}`, isSealed: (facts.mode & 0o200) === 0 });
      await gatherFolder(gathering, path, `${prefix}${name}/`);
    } else if (facts.isFile()) {
      const sha256 = await digestFile(path);
      gathering.entries.push({ kind: 'file', name: `${prefix}${name}`, mode: facts.mode & 0o777, sizeBytes: facts.size, sha256 });
      note(gathering, { path, sha256, sizeBytes: facts.size });
    } else gathering.leftOut.push(`${prefix}${name}`);
  }
}

function note(gathering: Gathering, file: OutgoingFile): void {
  if (file.sizeBytes > 0) gathering.files.set(file.sha256, file);
}

/** SHA-256 of a file, read as a stream. */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(unsafeBytes(chunk));
  return hash.digest('hex');
}

async function drained(out: WriteStream): Promise<void> {
  await new Promise<void>(resolve => out.once('drain', () => resolve()));
}

async function closed(out: WriteStream, path: string): Promise<{ sha256: string; sizeBytes: number }> {
  out.end();
  await finished(out).catch((cause: unknown) => {
    throw new Problem('storage-full', { detail: `${path} could not be written.`, hint: 'Free some space in the data folder, then run this again.', cause });
  });
  return { sha256: await digestFile(path), sizeBytes: (await lstat(path)).size };
}

/** A stream without an encoding gives bytes. */
function unsafeBytes(chunk: unknown): Uint8Array {
  return chunk as Uint8Array;
}
