import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../cluster.ts';
import { runProgram } from '../run-program.ts';

interface Image {
  readonly name: string;
  readonly entrypoint: readonly string[];
  /** Fills the root folder of the image. */
  readonly fill: (root: string) => Promise<void>;
}

/** Images that need no registry: our own static programs, and an empty tree in which a pod sees this machine's `usr` (tests only). */
function images(cluster: Cluster): readonly Image[] {
  const program = (name: string): Image => ({ name, entrypoint: [`/${name}`], fill: root => copyFile(cluster.program(name), join(root, name)) });
  return [program('pause'), program('coredns'), { name: 'hostusr', entrypoint: ['/usr/bin/python3'], fill: fillHostUsr }];
}

async function fillHostUsr(root: string): Promise<void> {
  for (const folder of ['dev', 'etc', 'home', 'opt', 'proc', 'root', 'run', 'sys', 'usr', 'var', 'work']) await mkdir(join(root, folder));
  for (const folder of ['tmp', 'var/tmp']) await mkdir(join(root, folder), { mode: 0o1777 });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) await symlink(`usr/${name}`, join(root, name));
}

/** Makes the archives that the node imports; each image is `localhost/<name>:1`. @returns their paths */
export async function makeImages(cluster: Cluster): Promise<readonly string[]> {
  const folder = join(cluster.settings.state, 'images');
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const image of images(cluster)) {
    const path = join(folder, `${image.name}.tar`);
    if (!existsSync(path)) await makeArchive(image, path);
    paths.push(path);
  }
  return paths;
}

/** One layer, its configuration and a manifest: all that an image archive is. */
async function makeArchive(image: Image, path: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'stratalab-image-'));
  try {
    const root = join(work, 'root');
    await mkdir(root);
    await image.fill(root);
    const layer = join(work, 'layer.tar');
    await runProgram('tar', ['--sort=name', '--mtime=@0', '--numeric-owner', '--owner=0', '--group=0', '-C', root, '-cf', layer, '.']);
    const digest = createHash('sha256')
      .update(await readFile(layer))
      .digest('hex');
    const settings = { Entrypoint: image.entrypoint, Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], WorkingDir: '/' };
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
    await writeFile(join(work, 'config.json'), JSON.stringify({ architecture, os: 'linux', config: settings, rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] } }));
    await writeFile(join(work, 'manifest.json'), JSON.stringify([{ Config: 'config.json', RepoTags: [`localhost/${image.name}:1`], Layers: ['layer.tar'] }]));
    await runProgram('tar', ['-C', work, '-cf', path, 'manifest.json', 'config.json', 'layer.tar']);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
