import { spawn, type ChildProcess } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { Problem } from '@stratalab/contracts';

export interface ArchivePart {
  readonly folder: string;
  readonly names: readonly string[];
}

/** What tar says when a file changed while it was read: the copy of that one file may be torn, the archive is whole. */
const tarWarned = 1;

/**
 * Writes files into one compressed tar with a checksum over everything. The file appears whole, for its owner alone (0600): it holds secrets.
 * @throws invalid-request when it cannot be written
 */
export async function writeArchive(file: string, parts: readonly ArchivePart[]): Promise<void> {
  const unfinished = `${file}.part`;
  const tar = spawn('tar', ['-cf', '-', ...parts.flatMap(({ folder, names }) => (names.length === 0 ? [] : ['-C', folder, ...names.map(name => `./${name}`)]))], {
    stdio: ['ignore', 'pipe', 'pipe']
  });
  const ended = endOf(tar);
  try {
    const compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } });
    await pipeline(tar.stdout, compress, createWriteStream(unfinished, { mode: 0o600 }));
    const { code, complaint } = await ended;
    if (code > tarWarned) throw new Problem('invalid-request', { detail: `The backup could not be written: ${complaint}` });
    await flush(unfinished);
    await rename(unfinished, file);
  } catch (error) {
    tar.kill();
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Unpacks an archive into a folder. @throws invalid-input when a byte of it is not what was written */
export async function readArchive(file: string, folder: string): Promise<void> {
  // tar would stop at the end mark and close the pipe while the padding after it is still being written; told to ignore zeros it reads to the end.
  const tar = spawn('tar', ['-xp', '--ignore-zeros', '-f', '-', '-C', folder], { stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = endOf(tar);
  try {
    await pipeline(createReadStream(file), createZstdDecompress(), tar.stdin);
  } catch (cause) {
    tar.kill();
    await ended;
    const why = String(cause);
    if (why.includes('ENOENT')) throw new Problem('not-found', { detail: `There is no file ${file}.`, cause });
    throw new Problem('invalid-input', { detail: `The backup ${file} is damaged (${why}).`, hint: 'Nothing was restored; take an older backup.', cause });
  }
  const { code, complaint } = await ended;
  if (code !== 0) throw new Problem('invalid-input', { detail: `The backup ${file} could not be unpacked: ${complaint}` });
}

async function endOf(child: ChildProcess): Promise<{ readonly code: number; readonly complaint: string }> {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ code: code ?? 128, complaint: text.trim().split('\n').at(-1) ?? '' }));
  });
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
