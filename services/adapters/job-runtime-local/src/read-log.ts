import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { Problem } from '@stratalab/contracts';
import type { JobLogSlice } from '@stratalab/kernel';
import { isCode } from './files.ts';

/** Reads a piece of a log. The job can write in the folder of its logs, so no link is followed and nothing but a plain file is read. */
export async function readLogFile(folder: string, path: string, request: { readonly offset: number; readonly limitBytes: number }): Promise<JobLogSlice> {
  const { offset, limitBytes } = request;
  const nothing = { text: '', nextOffset: offset, isAtEnd: true };
  const place = await lstat(folder).catch(() => undefined);
  if (place?.isDirectory() !== true) return nothing;
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: unknown) => {
    if (isCode(error, 'ENOENT') || isCode(error, 'ELOOP') || isCode(error, 'ENXIO')) return undefined;
    throw error;
  });
  if (file === undefined) return nothing;
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return nothing;
    if (offset > facts.size) throw new Problem('range-not-satisfiable', { detail: `This log has ${facts.size} bytes.`, hint: 'Read it from offset 0.' });
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(limitBytes, facts.size - offset)), 0, null, offset);
    const isAtEnd = offset + bytesRead >= facts.size;
    const piece = buffer.subarray(0, bytesRead);
    const cut = piece.length - incompleteTail(piece);
    // A broken last character that nothing follows must not hold the reader up for ever; it is shown as it is once more was tried.
    const whole = cut === 0 ? piece : piece.subarray(0, cut);
    return { text: whole.toString('utf8'), nextOffset: offset + whole.length, isAtEnd: isAtEnd && whole.length === piece.length };
  } finally {
    await file.close();
  }
}

/** Bytes at the end that begin a UTF-8 character without finishing it. */
export function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
}
