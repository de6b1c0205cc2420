import { Readable } from 'node:stream';
import JSZip from 'jszip';
import { Refused } from './refused.ts';

const limits = { entries: 10_000, unpackedBytes: 256 * 1024 * 1024, ratio: 200 } as const;

/**
 * Unpacks an archive once, counting and keeping nothing, before a reader may unpack it: sizes in the archive's own directory can lie.
 * @throws Refused for an archive that is broken, lacks `required`, or unpacks to too much
 */
export async function checkArchive(bytes: Uint8Array, required: string): Promise<void> {
  const archive = await JSZip.loadAsync(bytes).catch(() => undefined);
  if (archive === undefined) throw new Refused('The file is not a complete Word document.');
  const entries = Object.values(archive.files);
  if (entries.length > limits.entries) throw new Refused(`The file holds more than ${limits.entries} parts.`, 'payload-too-large');
  if (archive.file(required) === null) throw new Refused('The file is an archive, but not a Word document.');
  const allowed = Math.min(limits.unpackedBytes, Math.max(bytes.length * limits.ratio, 1024 * 1024));
  let total = 0;
  for (const entry of entries) {
    if (entry.dir) continue;
    for await (const piece of new Readable().wrap(entry.nodeStream('nodebuffer'))) {
      total += Buffer.byteLength(piece);
      if (total > allowed) throw new Refused('The file unpacks to far more than it should.', 'payload-too-large');
    }
  }
}
