/** What the header of a GGUF file says; only small values are kept. */
export interface GgufHeader {
  readonly version: number;
  readonly tensorCount: number;
  readonly fields: ReadonlyMap<string, string | number | boolean>;
}

/** More bytes are needed to read on; never thrown for a file that is whole in memory and well formed. */
export class HeaderCut extends Error {}
/** The bytes are no GGUF header. */
export class NotGguf extends Error {}

/** No more of a file than this is ever read for its header (T40). */
export const highestHeaderBytes = 64 * 1024 * 1024;
const highestFields = 100_000;
const longestKept = 200_000;
const sizes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const textType = 8;
const listType = 9;

/**
 * Reads a GGUF header (version 2 or 3) from the first bytes of a file. Lengths are checked before they are believed; lists are skipped.
 * @throws HeaderCut when the header goes on after `bytes`; NotGguf when it is none
 */
export function parseGgufHeader(bytes: Buffer): GgufHeader {
  const reader = createReader(bytes);
  if (reader.take(4).toString('latin1') !== 'GGUF') throw new NotGguf('it does not begin with GGUF');
  const version = reader.take(4).readUInt32LE(0);
  if (version !== 2 && version !== 3) throw new NotGguf(`its version ${version} is not 2 or 3`);
  const tensorCount = reader.count();
  const fieldCount = reader.count();
  if (fieldCount > highestFields) throw new NotGguf('it claims too many fields');
  const fields = new Map<string, string | number | boolean>();
  for (let index = 0; index < fieldCount; index++) {
    const name = reader.text();
    const value = readValue(reader, reader.take(4).readUInt32LE(0), 0);
    if (value !== undefined && !(typeof value === 'string' && value.length > longestKept)) fields.set(name, value);
  }
  return { version, tensorCount, fields };
}

interface Reader {
  take(length: number): Buffer;
  skip(length: number): void;
  count(): number;
  text(): string;
}

function createReader(bytes: Buffer): Reader {
  let at = 0;
  const advance = (length: number): number => {
    if (length > highestHeaderBytes || at + length > highestHeaderBytes) throw new NotGguf('its header is larger than 64 MiB');
    if (at + length > bytes.length) throw new HeaderCut();
    const from = at;
    at += length;
    return from;
  };
  const take = (length: number): Buffer => {
    const from = advance(length);
    return bytes.subarray(from, from + length);
  };
  const count = (): number => {
    const value = take(8).readBigUInt64LE(0);
    if (value > BigInt(highestHeaderBytes)) throw new NotGguf('it claims more than a header can hold');
    return Number(value);
  };
  return { take, count, skip: length => void advance(length), text: () => take(count()).toString('utf8') };
}

function readValue(reader: Reader, type: number, depth: number): string | number | boolean | undefined {
  if (type === textType) return reader.text();
  if (type === listType) {
    if (depth > 2) throw new NotGguf('its lists are nested too deeply');
    skipList(reader, depth);
    return undefined;
  }
  const size = sizes[type];
  if (size === undefined) throw new NotGguf(`it holds a value of the unknown type ${type}`);
  const bytes = reader.take(size);
  if (type === 7) return bytes[0] === 1;
  if (type === 6) return bytes.readFloatLE(0);
  if (type === 12) return bytes.readDoubleLE(0);
  if (type === 10) return Number(bytes.readBigUInt64LE(0));
  if (type === 11) return Number(bytes.readBigInt64LE(0));
  return type === 1 || type === 3 || type === 5 ? bytes.readIntLE(0, size) : bytes.readUIntLE(0, size);
}

function skipList(reader: Reader, depth: number): void {
  const type = reader.take(4).readUInt32LE(0);
  const length = reader.count();
  const size = sizes[type];
  if (size !== undefined) return reader.skip(size * length);
  for (let index = 0; index < length; index++) {
    if (type === textType) reader.skip(reader.count());
    else readValue(reader, type, depth + 1);
  }
}

/** Names of `general.file_type`, from the format's own list; the common ones. */
const quantizations: Readonly<Record<number, string>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  32: 'BF16'
};

/** The facts worth showing, in plain words. */
export function ggufFacts(header: GgufHeader): Readonly<Record<string, string>> {
  const { fields } = header;
  const architecture = String(fields.get('general.architecture') ?? 'unknown');
  const fileType = fields.get('general.file_type');
  const known: readonly (readonly [string, string | number | boolean | undefined])[] = [
    ['architecture', architecture],
    ['name', fields.get('general.name')],
    ['parameters', fields.get('general.size_label')],
    ['quantization', typeof fileType === 'number' ? (quantizations[fileType] ?? `type ${fileType}`) : undefined],
    ['context length', fields.get(`${architecture}.context_length`)],
    ['layers', fields.get(`${architecture}.block_count`)],
    ['licence', fields.get('general.license')],
    ['chat template', fields.has('tokenizer.chat_template') ? 'yes' : 'no']
  ];
  return Object.fromEntries(known.flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, String(value).slice(0, 300)] as const])));
}

/** What to say about a chat template that reaches for the insides of the interpreter that renders it (T39). */
export function templateWarnings(template: string): readonly string[] {
  const found = /__\w+__|\|\s*attr\b|\b(?:cycler|joiner|namespace|lipsum)\s*\.\s*_/.exec(template)?.[0];
  return found === undefined ? [] : [`The chat template touches '${found}', which templates have no need for. Read it before you deploy the model.`];
}
