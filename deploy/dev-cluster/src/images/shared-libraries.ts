import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { tryProgram } from '../run-program.ts';

/**
 * Copies the libraries that programs are linked to from this machine into a root folder: the loader where programs look for it, the rest into Debian's folder.
 * Libraries that a program brings itself (found below its own folder) are left out.
 */
export async function copyLibraries(programs: readonly string[], root: string): Promise<void> {
  const libraries = new Set<string>();
  for (const program of programs) {
    const { output } = await tryProgram('ldd', [program]);
    for (const line of output.split('\n')) {
      const library = /(?:=> |^\s*)(\/\S+) \(0x/.exec(line)?.[1];
      if (library !== undefined && /^\/(usr\/)?lib/.test(library)) libraries.add(library);
    }
  }
  for (const library of libraries) {
    // `lib` and `lib64` are links into `usr` in the image, as they are on Debian.
    const target = join(root, library.startsWith('/usr/') ? library : `/usr${library}`);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(library, join(dirname(target), basename(library)));
  }
}
