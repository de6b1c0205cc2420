import { Problem } from '@stratalab/contracts';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const SizeBytes = Type.Integer({ minimum: 0, maximum: 1e15 });

const RowsEntry = Type.Object(
  {
    kind: Type.Literal('rows'),
    table: Type.String({ pattern: '^[a-z_]+\\.[a-z_]+$', maxLength: 100 }),
    rows: Type.Integer({ minimum: 0 }),
    digest: Type.String({ pattern: '^[0-9]{1,40}$' }),
    sizeBytes: SizeBytes,
    sha256: Sha256
  },
  { additionalProperties: false }
);
const Name = Type.String({ minLength: 1, maxLength: 4000 });
const FileEntry = Type.Object(
  { kind: Type.Literal('file'), name: Name, mode: Type.Integer({ minimum: 0, maximum: 0o777 }), sizeBytes: SizeBytes, sha256: Sha256 },
  { additionalProperties: false }
);
const FolderEntry = Type.Object({ kind: Type.Literal('folder'), name: Name, isSealed: Type.Boolean() }, { additionalProperties: false });
const Entry = Type.Union([RowsEntry, FileEntry, FolderEntry]);

/** One line of the manifest: the rows of a table, or a file or folder of the tenant by its path in the tenant's folder. A sealed folder is a published one. */
export type ManifestEntry = Static<typeof Entry>;
export type FileEntry = Static<typeof FileEntry>;
export type FolderEntry = Static<typeof FolderEntry>;
export type RowsEntry = Static<typeof RowsEntry>;

export function manifestLine(entry: ManifestEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Reads one line. @throws invalid-input */
export function parseManifestLine(line: string): ManifestEntry {
  const value = parse(line);
  if (!Value.Check(Entry, value)) throw new Problem('invalid-input', { detail: 'A line of the manifest is not one.', hint: 'Nothing was moved.' });
  return value;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
