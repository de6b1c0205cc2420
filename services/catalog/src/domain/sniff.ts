import { Problem } from '@stratalab/contracts';
import type { DatasetFormat } from '@stratalab/contracts/catalog';

/** What is known of a file without reading all of it. */
export interface FileSample {
  readonly name: string;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  /** `head` is the whole file. */
  readonly isWhole: boolean;
}

const packed: readonly (readonly [string, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]]
];
const parquetMark = [0x50, 0x41, 0x52, 0x31];

/**
 * The format the bytes have, whatever the name says.
 * @throws unsupported-format for packed, binary and unstructured files, and when files of one version differ
 */
export function sniffFormat(samples: readonly FileSample[]): DatasetFormat {
  const [first, ...rest] = samples.map(sample => ({ name: sample.name, format: sniffFile(sample) }));
  if (first === undefined) throw unsupported('There is no data file.', 'Add a CSV, TSV, JSON lines or Parquet file.');
  const other = rest.find(({ format }) => format !== first.format);
  if (other !== undefined) {
    throw unsupported(`‘${first.name}’ is ${first.format} and ‘${other.name}’ is ${other.format}.`, 'The files of one version must have one format.');
  }
  return first.format;
}

/** Files that hold rows: engines leave marks like `_SUCCESS` and hidden files beside them. */
export function isDataFile(file: { readonly name: string; readonly sizeBytes: number }): boolean {
  const last = file.name.split('/').at(-1) ?? '';
  return file.sizeBytes > 0 && !last.startsWith('_') && !last.startsWith('.');
}

function sniffFile({ name, head, tail, isWhole }: FileSample): DatasetFormat {
  if (startsWith(head, parquetMark)) {
    if (startsWith(tail.slice(-4), parquetMark)) return 'parquet';
    throw unsupported(`‘${name}’ begins like Parquet but its end is missing.`, 'Copy or upload the file again.');
  }
  const kind = packed.find(([, mark]) => startsWith(head, mark));
  if (kind !== undefined) throw unsupported(`‘${name}’ is packed (${kind[0]}).`, 'Unpack it first: versions are read in place.');
  const text = textOf(head, isWhole);
  if (text === undefined) throw unsupported(`‘${name}’ is neither Parquet nor text in UTF-8.`, 'Save it as Parquet, CSV, TSV or JSON lines.');
  return sniffText(name, text, isWhole);
}

function sniffText(name: string, text: string, isWhole: boolean): DatasetFormat {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const first = lines.find(line => line.trim() !== '') ?? '';
  if (first.trimStart().startsWith('{')) {
    const isCut = !isWhole && lines.length === 1;
    if (isCut || isJsonObject(first)) return 'jsonl';
    throw unsupported(`‘${name}’ looks like JSON, but not one object a line.`, 'Write one JSON object on each line.');
  }
  if (first.trimStart().startsWith('[') && /^\s*\[\s*(?:$|[[{])/.test(first)) throw unsupported(`‘${name}’ is a JSON array.`, 'Write one JSON object on each line.');
  if (/^\s*(?:<!doctype|<html|<\?xml)/i.test(first)) throw unsupported(`‘${name}’ is markup, not a table.`, 'Save it as CSV, TSV, JSON lines or Parquet.');
  const tabs = count(first, '\t');
  const delimiters = Math.max(count(first, ','), count(first, ';'), count(first, '|'));
  if (tabs > 0 && tabs >= delimiters) return 'tsv';
  if (delimiters > 0 || /\.csv$/i.test(name)) return 'csv';
  if (/\.tsv$/i.test(name)) return 'tsv';
  throw unsupported(`‘${name}’ is text without columns.`, 'Separate columns by commas or tabs, or name a file with one column ‘.csv’.');
}

function isJsonObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** The text of the bytes; `undefined` when they are none. A character cut at the end of a head is left out. */
function textOf(bytes: Uint8Array, isWhole: boolean): string | undefined {
  if (bytes.includes(0)) return undefined;
  for (const cut of isWhole ? [0] : [0, 1, 2, 3]) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytes.length - cut));
    } catch {
      // one byte less may end on a whole character
    }
  }
  return undefined;
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return bytes.length >= mark.length && mark.every((byte, index) => bytes[index] === byte);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function unsupported(detail: string, hint: string): Problem {
  return new Problem('unsupported-format', { detail, hint });
}
