import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '../cluster.ts';
import { writeImageArchive } from '../images/image-archive.ts';
import { runProgram } from '../run-program.ts';
import { containerdSocket } from './configuration.ts';

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

/** The tree of an image whose programs are those of this machine: its pods mount `usr`. */
export async function fillHostUsr(root: string): Promise<void> {
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

async function makeArchive(image: Image, path: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'stratalab-image-'));
  try {
    await image.fill(root);
    await writeImageArchive({ reference: `localhost/${image.name}:1`, layers: [{ folder: root }], entrypoint: image.entrypoint }, path);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Gives one more image to the running node. @throws Error when there is no real node, or containerd refuses the archive */
export async function importImage(cluster: Cluster, archive: string): Promise<void> {
  const node = (await cluster.processes.list()).find(({ name, isRunning }) => name === 'node' && isRunning);
  if (node === undefined) throw new Error('This cluster has no running real node.');
  await runProgram('nsenter', ['--target', String(node.pid), '--mount', 'ctr', '-a', containerdSocket, '-n', 'k8s.io', 'images', 'import', archive]);
}
