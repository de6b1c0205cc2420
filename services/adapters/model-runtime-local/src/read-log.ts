import { open } from 'node:fs/promises';
import type { LogPiece } from '@stratalab/kernel';

/** Reads up to `limitBytes` from `offset`, whole characters only; an offset beyond the end answers nothing. */
export async function readLog(path: string, range: { readonly offset: number; readonly limitBytes: number }): Promise<LogPiece> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return { text: '', offset: 0, nextOffset: 0, sizeBytes: 0 };
  try {
    const { size } = await file.stat();
    const offset = Math.min(range.offset, size);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(range.limitBytes, size - offset)), { position: offset });
    const length = wholeCharacters(buffer.subarray(0, bytesRead));
    return { text: buffer.subarray(0, length).toString('utf8'), offset, nextOffset: offset + length, sizeBytes: size };
  } finally {
    await file.close();
  }
}

/** Length without a character that is cut at the end, so that the next piece begins with it. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (needed !== 0) return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
