import { Type, type Static } from 'typebox';
import { Check } from 'typebox/value';

/** Written last: what it names is there whole. */
const Manifest = Type.Object({
  format: Type.Literal(1),
  files: Type.Array(Type.Object({ name: Type.String(), sizeBytes: Type.Integer({ minimum: 0 }), sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) }))
});
type Manifest = Static<typeof Manifest>;
export type ManifestFile = Manifest['files'][number];

export function writeManifest(files: readonly ManifestFile[]): string {
  return `${JSON.stringify({ format: 1, files }, undefined, 1)}\n`;
}

/** @returns `undefined` for what is none: a bucket may be written by others */
export function readManifest(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Check(Manifest, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
