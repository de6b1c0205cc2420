import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { runProgram } from '../run-program.ts';

/** Files of one layer: a folder as it is, or some of its files below another path. */
export interface Layer {
  readonly folder: string;
  /** Files and links, relative to the folder; all of it when absent. */
  readonly names?: readonly string[];
  /** Where they are in the image, without slashes at the ends; its root when absent. */
  readonly prefix?: string;
}

export interface ImageDefinition {
  /** With its tag, in the normal form that containerd keeps: `localhost/platform:1`. */
  readonly reference: string;
  readonly layers: readonly Layer[];
  readonly entrypoint: readonly string[];
  readonly command?: readonly string[];
  readonly workingFolder?: string;
  readonly user?: string;
  readonly environment?: readonly string[];
}

/** Where programs of an image are, unless it says something else. */
export const programFolders = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
// The same files make the same layer, whoever builds it and whenever.
const reproducible = ['--sort=name', '--mtime=@0', '--numeric-owner', '--owner=0', '--group=0', '--mode=u+rw,go+rX,go-w'];

/** Layers as tar, a configuration and a manifest: all that an image archive is. `ctr images import` and `docker load` read it. */
export async function writeImageArchive(image: ImageDefinition, target: string): Promise<void> {
  const work = await mkdtemp(join(dirname(target), 'image-'));
  try {
    const layers: { readonly name: string; readonly digest: string }[] = [];
    for (const [index, layer] of image.layers.entries()) {
      const name = `layer-${index}.tar`;
      await writeLayer(layer, join(work, name));
      layers.push({ name, digest: await digestOf(join(work, name)) });
    }
    const config = {
      ...{ Entrypoint: image.entrypoint, Cmd: image.command ?? [], Env: withPath(image.environment ?? []) },
      ...{ WorkingDir: image.workingFolder ?? '/', User: image.user ?? '' }
    };
    const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
    await writeFile(
      join(work, 'config.json'),
      JSON.stringify({ architecture, os: 'linux', config, rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => `sha256:${digest}`) } })
    );
    const names = layers.map(({ name }) => name);
    await writeFile(join(work, 'manifest.json'), JSON.stringify([{ Config: 'config.json', RepoTags: [image.reference], Layers: names }]));
    await runProgram('tar', ['-C', work, '-cf', target, 'manifest.json', 'config.json', ...names]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Images have a PATH; one of their own stands alone, since of two nobody says which counts. */
function withPath(environment: readonly string[]): readonly string[] {
  return environment.some(variable => variable.startsWith('PATH=')) ? environment : [`PATH=${programFolders}`, ...environment];
}

async function writeLayer({ folder, names, prefix }: Layer, target: string): Promise<void> {
  // Names move below the prefix; what links point to stays as it is.
  const moved = prefix === undefined ? [] : [`--transform=flags=rSh;s,^,${prefix}/,`];
  const wanted = names === undefined ? ['.'] : ['--no-recursion', '--null', '--files-from=-'];
  await runProgram('tar', [...reproducible, ...moved, '-C', folder, '-cf', target, ...wanted], names === undefined ? {} : { input: names.map(name => `${name}\0`).join('') });
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
