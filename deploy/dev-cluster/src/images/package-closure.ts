import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * Folders of the packages that a workspace needs to run, found as Node finds them, relative to the repository; the workspace itself is one.
 * Development dependencies are not among them, optional and peer ones only where they are installed.
 * @throws Error naming a dependency that is not installed
 */
export async function packageClosure(repository: string, workspace: string): Promise<readonly string[]> {
  const root = await realpath(repository);
  const found = new Set<string>();
  const visit = async (folder: string): Promise<void> => {
    if (found.has(folder)) return;
    found.add(folder);
    const manifest: Manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies })) {
      const dependency = findPackage(name, folder, root);
      if (dependency !== undefined) await visit(await realpath(dependency));
      else if (manifest.dependencies?.[name] !== undefined && manifest.optionalDependencies?.[name] === undefined)
        throw new Error(`${relative(root, folder)} needs ${name}, which is not installed: npm ci.`);
    }
  };
  await visit(join(root, workspace));
  return [...found].map(folder => relative(root, folder)).sort();
}

function findPackage(name: string, from: string, root: string): string | undefined {
  for (let folder = from; folder.length >= root.length; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
  }
  return undefined;
}
