import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

/** Name of the file in the folder of an attempt; Python imports from it as from a folder. */
export const packagesFile = 'packages.zip';

/** A folder with Python packages as one archive, the same bytes for the same sources; only sources are taken. */
export async function packPackages(folder: string): Promise<Buffer> {
  const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.py')).sort();
  const files: ArchivedFile[] = [];
  let offset = 0;
  for (const name of names) {
    const content = await readFile(join(folder, name));
    const file = archived(name, content, offset);
    files.push(file);
    offset += file.local.length;
  }
  const directory = Buffer.concat(files.map(({ central }) => central));
  return Buffer.concat([...files.map(({ local }) => local), directory, endRecord(files.length, directory.length, offset)]);
}

interface ArchivedFile {
  readonly local: Buffer;
  readonly central: Buffer;
}

// The zip format (APPNOTE 6.3), as far as Python's importer reads it.
const version = 20;
const deflated = 8;
/** The first day the format knows: when a source was written tells nothing. */
const date = (1 << 5) | 1;
const plainFile = 0o100_644 << 16;

function archived(name: string, content: Buffer, offset: number): ArchivedFile {
  const path = Buffer.from(name);
  const body = deflateRawSync(content, { level: 9 });
  const common = fields([
    [2, version],
    [2, 0],
    [2, deflated],
    [2, 0],
    [2, date],
    [4, crc32(content)],
    [4, body.length],
    [4, content.length],
    [2, path.length],
    [2, 0]
  ]);
  const place = fields([
    [2, 0],
    [2, 0],
    [2, 0],
    [4, plainFile],
    [4, offset]
  ]);
  return {
    local: Buffer.concat([fields([[4, 0x04_03_4b_50]]), common, path, body]),
    central: Buffer.concat([
      fields([
        [4, 0x02_01_4b_50],
        [2, (3 << 8) | version]
      ]),
      common,
      place,
      path
    ])
  };
}

function endRecord(count: number, size: number, offset: number): Buffer {
  return fields([
    [4, 0x06_05_4b_50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, size],
    [4, offset],
    [2, 0]
  ]);
}

/** Numbers of two or four bytes, low byte first. */
function fields(values: readonly (readonly [2 | 4, number])[]): Buffer {
  const buffer = Buffer.alloc(values.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of values) {
    buffer.writeUIntLE(bytes === 4 ? value >>> 0 : value, at, bytes);
    at += bytes;
  }
  return buffer;
}
