import { open, type FileHandle } from 'node:fs/promises';
import { Problem } from '@stratalab/contracts';
import type { ModelFacts } from '@stratalab/kernel';

type Value = string | number | boolean | undefined;

const highestHeaderBytes = 64 * 1024 * 1024;
const highestEntries = 100_000;
const chunkBytes = 256 * 1024;
/** Size of the fixed value types, by their number in the format. */
const sizes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const text = 8;
const list = 9;
/** What the engine takes beside weights and conversations: its code, tokenizer and compute buffers. */
const overheadBytes = 320 * 1024 * 1024;

/**
 * Reads the header of a GGUF file, never more than 64 MiB of it, and computes what a conversation takes:
 * 2 (keys and values) × layers × key-value heads × head size × 2 bytes (16-bit floats) per token.
 * @throws invalid-input when the file is not GGUF
 */
export async function readGgufFacts(path: string, sizeBytes: number): Promise<ModelFacts> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new Problem('invalid-input', { detail: 'The model file is not there any more.', cause });
  });
  try {
    const fields = await readFields(createReader(file));
    const architecture = String(fields.get('general.architecture') ?? '');
    const number = (name: string): number | undefined => {
      const value = fields.get(`${architecture}.${name}`);
      return typeof value === 'number' && value > 0 ? value : undefined;
    };
    const layers = number('block_count') ?? 0;
    const heads = number('attention.head_count') ?? 0;
    const keyValueHeads = number('attention.head_count_kv') ?? heads;
    const width = number('embedding_length') ?? 0;
    const headSize = heads === 0 ? 0 : width / heads;
    const keySize = number('attention.key_length') ?? headSize;
    const valueSize = number('attention.value_length') ?? headSize;
    if (layers === 0 || keyValueHeads === 0) throw new Problem('unsupported-format', { detail: `This GGUF file holds no chat model (architecture '${architecture}').` });
    const trained = number('context_length');
    return {
      kind: 'chat',
      weightsBytes: sizeBytes,
      bytesPerToken: layers * keyValueHeads * (keySize + valueSize) * 2,
      overheadBytes,
      ...(trained === undefined ? {} : { trainedContextTokens: trained })
    };
  } finally {
    await file.close();
  }
}

interface Reader {
  take(length: number): Promise<Buffer>;
  skip(length: number): void;
}

async function readFields(reader: Reader): Promise<ReadonlyMap<string, Value>> {
  const head = await reader.take(24);
  if (head.toString('latin1', 0, 4) !== 'GGUF') throw notGguf('it does not begin with GGUF');
  const count = Number(head.readBigUInt64LE(16));
  if (count > highestEntries) throw notGguf('it claims too many fields');
  const fields = new Map<string, Value>();
  for (let index = 0; index < count; index++) {
    const name = await readText(reader);
    const type = (await reader.take(4)).readUInt32LE(0);
    fields.set(name, await readValue(reader, type));
  }
  return fields;
}

async function readValue(reader: Reader, type: number): Promise<Value> {
  if (type === text) return readText(reader);
  if (type === list) return readList(reader);
  const size = sizes[type];
  if (size === undefined) throw notGguf(`it holds a value of the unknown type ${type}`);
  const bytes = await reader.take(size);
  if (type === 7) return bytes[0] === 1;
  if (type === 6) return bytes.readFloatLE(0);
  if (type === 12) return bytes.readDoubleLE(0);
  if (type === 10) return Number(bytes.readBigUInt64LE(0));
  if (type === 11) return Number(bytes.readBigInt64LE(0));
  return type === 1 || type === 3 || type === 5 ? bytes.readIntLE(0, size) : bytes.readUIntLE(0, size);
}

/** Lists are skipped but for the largest number of a short one: some models give one count per layer. */
async function readList(reader: Reader): Promise<Value> {
  const head = await reader.take(12);
  const type = head.readUInt32LE(0);
  const length = Number(head.readBigUInt64LE(4));
  if (length > highestHeaderBytes) throw notGguf('it claims a list without end');
  const size = sizes[type];
  if (size !== undefined && length > 1_000) {
    reader.skip(size * length);
    return undefined;
  }
  let largest: number | undefined;
  for (let index = 0; index < length; index++) {
    const value = await readValue(reader, type);
    if (typeof value === 'number') largest = Math.max(largest ?? 0, value);
  }
  return largest;
}

async function readText(reader: Reader): Promise<string> {
  const length = Number((await reader.take(8)).readBigUInt64LE(0));
  if (length > highestHeaderBytes) throw notGguf('it claims a text without end');
  return (await reader.take(length)).toString('utf8');
}

/** Reads forward in large pieces; refuses to go beyond the bound. */
function createReader(file: FileHandle): Reader {
  let position = 0;
  let piece: Buffer = Buffer.alloc(0);
  let pieceAt = 0;
  return {
    async take(length) {
      if (position + length > highestHeaderBytes) throw notGguf('its header is larger than 64 MiB');
      if (position < pieceAt || position + length > pieceAt + piece.length) {
        const wanted = Buffer.alloc(Math.max(length, chunkBytes));
        const { bytesRead } = await file.read(wanted, { position });
        piece = wanted.subarray(0, bytesRead);
        pieceAt = position;
        if (bytesRead < length) throw notGguf('it ends in the middle of its header');
      }
      const from = position - pieceAt;
      position += length;
      return piece.subarray(from, from + length);
    },
    skip(length) {
      position += length;
    }
  };
}

function notGguf(reason: string): Problem {
  return new Problem('invalid-input', { detail: `The file is not a GGUF model: ${reason}.` });
}
