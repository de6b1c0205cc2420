import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { packageClosure } from './package-closure.ts';

const platform = 'services/platform';
/** What the platform reads besides packages: the Python package that jobs get, and the built administration page. */
const platformFolders = ['extensions/python/src', 'extensions/admin/lib/standalone-page'];
/** What the included Hub and its workspaces read besides: configuration, the built extension of JupyterLab. */
const hubFolders = ['hub-config', 'extensions/lab/labextension', 'share/jupyter'];
/** Never in an image: tests, what they use, benchmarks, packages (they are told apart), the model engine (it is installed by its own lock). */
const notProduct = /(\.(test|test-support)\.ts|\.d\.ts|\.map|\.pyc)$|(^|\/)(node_modules|bench|testing|tests|engine|__pycache__)(\/|$)/;
/** Of packages: other packages below them (those that are needed are named by themselves), texts, types, and builds for another C library. */
const notNeeded = /\.(md|map|d\.[cm]?ts)$|(^|\/)(node_modules|musl_\w+)\//;

export interface ProductionFiles {
  /** Files of third-party packages, relative to the repository. */
  readonly dependencies: readonly string[];
  /** Files of the product. */
  readonly product: readonly string[];
  /** Names of links to make, and where they lead. */
  readonly links: Readonly<Record<string, string>>;
}

/** What an image of the platform holds of an installed and built checkout, and nothing that only development needs. */
export async function productionFiles(repository: string, options: { readonly hasHub: boolean }): Promise<ProductionFiles> {
  const packages = await packageClosure(repository, platform);
  const workspaces = packages.filter(name => !name.includes('node_modules'));
  const proxy = options.hasHub ? await packageClosure(repository, 'node_modules/configurable-http-proxy') : [];
  const third = [...new Set([...packages.filter(name => name.includes('node_modules')), ...proxy])];
  const folders = [...workspaces, ...platformFolders, ...(options.hasHub ? hubFolders : [])];
  return {
    dependencies: await filesOf(repository, third, notNeeded),
    product: ['package.json', ...(await filesOf(repository, folders, notProduct))],
    links: Object.fromEntries(workspaces.map(workspace => [`node_modules/@stratalab/${workspace.split('/').at(-1) ?? workspace}`, `../../${workspace}`]))
  };
}

/** Files and links below folders, relative to the repository, without those whose path from their folder matches. */
export async function filesOf(repository: string, folders: readonly string[], without: RegExp): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const folder of folders) {
    for (const entry of await readdir(join(repository, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() && !entry.isSymbolicLink()) continue;
      const path = relative(join(repository, folder), join(entry.parentPath, entry.name));
      if (!without.test(path)) names.add(join(folder, path));
    }
  }
  return [...names];
}
