import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PageFiles } from '@stratalab/control';

/** The built administration page in a folder; each file is read once. Names are plain file names, never paths. */
export function createPageFiles(folder: string): PageFiles {
  const known = new Map<string, Buffer>();
  return {
    async read(name) {
      if (!/^[\w-]+(?:\.[\w-]+)+$/.test(name)) return undefined;
      const kept = known.get(name);
      if (kept !== undefined) return kept;
      const content = await readFile(join(folder, name)).catch(() => undefined);
      if (content !== undefined) known.set(name, content);
      return content;
    }
  };
}
