import { createHash } from 'node:crypto';
import { Problem } from '@stratalab/contracts';
import type { ModelFormat } from '@stratalab/contracts/models';
import { ggufFacts, HeaderCut, highestHeaderBytes, NotGguf, parseGgufHeader, templateWarnings, type GgufHeader } from '../domain/formats/gguf.ts';
import { readMlModel, type MlModel } from '../domain/formats/mlmodel.ts';
import { codeInFile, signBytes } from '../domain/formats/signs.ts';

export interface InspectedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Reads at most `length` bytes of one file. */
export type ReadFile = (path: string, offset: number, length: number) => Promise<Uint8Array>;

export interface Inspection {
  readonly format: ModelFormat;
  readonly entryFile: string | null;
  readonly sizeBytes: number;
  readonly fileCount: number;
  readonly sha256: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly signature: { readonly inputs: string | null; readonly outputs: string | null } | null;
  readonly warnings: readonly string[];
  readonly quarantineReason: string | null;
}

const highestTextBytes = 1024 * 1024;
const firstHeaderBytes = 1024 * 1024;

/**
 * Finds out what a folder of model files is by looking into them, never by what anybody says about them (T37–T40).
 * @throws invalid-input when there are no files, or a file named GGUF is none
 */
export async function inspectFiles(files: readonly InspectedFile[], read: ReadFile): Promise<Inspection> {
  if (files.length === 0) throw new Problem('invalid-input', { detail: 'There are no files in this model.', hint: 'Log or upload the model files first.' });
  const common = { sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), fileCount: files.length, sha256: manifestDigest(files) };
  const dangers = await findDangers(files, read);
  const gguf = files.find(({ path }) => path.toLowerCase().endsWith('.gguf'));
  if (gguf !== undefined) return { ...common, ...(await inspectGguf(gguf, read)), quarantineReason: dangers[0]?.reason ?? null };
  const marker = files.find(({ path }) => path === 'MLmodel');
  if (marker !== undefined) return { ...common, ...judgeMlModel(await readMarker(marker, read), dangers) };
  return { ...common, ...(await inspectPlain(files, read)), quarantineReason: dangers[0]?.reason ?? (await findRemoteCode(files, read)) };
}

interface Danger {
  readonly path: string;
  readonly reason: string;
}

async function findDangers(files: readonly InspectedFile[], read: ReadFile): Promise<readonly Danger[]> {
  const dangers: Danger[] = [];
  for (const { path } of files) {
    const reason = codeInFile(path, Buffer.from(await read(path, 0, signBytes)));
    if (reason !== undefined) dangers.push({ path, reason });
  }
  return dangers;
}

/** One digest over names and digests, in the order of the names. */
function manifestDigest(files: readonly InspectedFile[]): string {
  const hash = createHash('sha256');
  for (const file of [...files].sort((one, other) => (one.path < other.path ? -1 : 1))) hash.update(`${file.sha256}  ${file.path}\n`);
  return hash.digest('hex');
}

async function readMarker(marker: InspectedFile, read: ReadFile): Promise<MlModel> {
  try {
    return readMlModel(Buffer.from(await read(marker.path, 0, highestTextBytes)).toString('utf8'));
  } catch (cause) {
    throw new Problem('invalid-input', { detail: 'The MLmodel file could not be read.', cause });
  }
}

/** A scikit-learn model holds a pickle by nature: only the sandbox loads it, so it is marked and not held back. Any other code is. */
function judgeMlModel(marker: MlModel, dangers: readonly Danger[]): Pick<Inspection, 'format' | 'entryFile' | 'facts' | 'signature' | 'warnings' | 'quarantineReason'> {
  const isOwn = (danger: Danger): boolean => marker.format === 'mlflow-sklearn' && marker.flavourFiles.includes(danger.path);
  const foreign = dangers.find(danger => !isOwn(danger));
  const python = marker.format === 'mlflow-pyfunc' ? 'It is a Python function of any kind, whose code runs when it is loaded.' : null;
  return {
    format: marker.format,
    entryFile: 'MLmodel',
    facts: marker.facts,
    signature: marker.signature,
    warnings: dangers.some(isOwn) ? ['Holds a pickle, as scikit-learn models do: it is loaded in a sandbox only.'] : [],
    quarantineReason: foreign?.reason ?? python
  };
}

async function inspectGguf(file: InspectedFile, read: ReadFile): Promise<Pick<Inspection, 'format' | 'entryFile' | 'facts' | 'signature' | 'warnings'>> {
  const header = await readGguf(file, read);
  const template = header.fields.get('tokenizer.chat_template');
  return { format: 'gguf', entryFile: file.path, facts: ggufFacts(header), signature: null, warnings: typeof template === 'string' ? templateWarnings(template) : [] };
}

/** Reads more of the file while its header goes on, up to the bound. @throws invalid-input */
export async function readGguf(file: Pick<InspectedFile, 'path' | 'sizeBytes'>, read: ReadFile): Promise<GgufHeader> {
  for (let length = firstHeaderBytes; ; length = Math.min(length * 8, highestHeaderBytes)) {
    try {
      return parseGgufHeader(Buffer.from(await read(file.path, 0, length)));
    } catch (error) {
      if (error instanceof HeaderCut && length < file.sizeBytes && length < highestHeaderBytes) continue;
      if (!(error instanceof HeaderCut) && !(error instanceof NotGguf)) throw error;
      throw new Problem('invalid-input', {
        detail: `'${file.path}' is not a GGUF model: ${error instanceof NotGguf ? error.message : 'it ends in the middle of its header'}.`,
        hint: 'Choose a file ending in .gguf, whole and unchanged.'
      });
    }
  }
}

async function inspectPlain(files: readonly InspectedFile[], read: ReadFile): Promise<Pick<Inspection, 'format' | 'entryFile' | 'facts' | 'signature' | 'warnings'>> {
  const onnx = files.find(({ path }) => path.endsWith('.onnx'));
  const tensors = files.find(({ path }) => path.endsWith('.safetensors'));
  const tokenizer = await readJson(files, 'tokenizer_config.json', read);
  const template = tokenizer['chat_template'];
  return {
    format: onnx !== undefined ? 'onnx' : tensors !== undefined ? 'safetensors' : 'other',
    entryFile: onnx?.path ?? null,
    facts: {},
    signature: null,
    warnings: typeof template === 'string' ? templateWarnings(template) : []
  };
}

/** `auto_map` makes loaders import code from the model folder, with remote code off or not (T38). */
async function findRemoteCode(files: readonly InspectedFile[], read: ReadFile): Promise<string | null> {
  for (const name of ['config.json', 'tokenizer_config.json']) {
    if (Object.hasOwn(await readJson(files, name, read), 'auto_map')) return `'${name}' has an auto_map, which makes loaders run code of the model.`;
  }
  return null;
}

async function readJson(files: readonly InspectedFile[], name: string, read: ReadFile): Promise<Readonly<Record<string, unknown>>> {
  const file = files.find(({ path }) => path === name);
  if (file === undefined || file.sizeBytes > highestTextBytes) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(await read(name, 0, highestTextBytes)).toString('utf8'));
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}
