import { lstat, mkdir, readlink, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@stratalab/contracts';
import type { StoredFile } from '@stratalab/kernel';
import { codeOf, openFolder, type FolderHandle } from './folder-handle.ts';
import { copyFromHome, inspectHome } from './home-folder.ts';
import { slug } from './slug.ts';

const mountNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}@[1-9][0-9]{0,8}$/;

export interface LocalMounts {
  /** Links `~/datasets/<mountName>` of a user to a folder; idempotent. @throws already-exists when something else has the name */
  link(request: { readonly user: string; readonly mountName: string; readonly target: string }): Promise<void>;
  /** Takes the link away; anything that is no link to `target` is left alone; idempotent. */
  unlink(request: { readonly user: string; readonly mountName: string; readonly target: string }): Promise<void>;
  /** Regular files at a path below the user's home. @throws not-found, invalid-request, invalid-input */
  inspectFolder(request: { readonly user: string; readonly path: string }): Promise<readonly StoredFile[]>;
  /** Copies them into `folder`. */
  copyFolder(request: { readonly user: string; readonly path: string; readonly folder: string; readonly limitBytes: number; readonly signal: AbortSignal }): Promise<void>;
}

/** Workspaces as folders of this machine: `<data>/home/<slug of the user>`. */
export function createLocalMounts(options: { readonly dataFolder: string }): LocalMounts {
  const homeOf = (user: string): string => join(options.dataFolder, 'home', slug(user));
  return {
    async link({ user, mountName, target }) {
      assertMountName(mountName);
      await withDatasets(homeOf(user), { isCreated: true }, async datasets => {
        try {
          await symlink(target, datasets.child(mountName));
        } catch (error) {
          if (codeOf(error) !== 'EEXIST') throw error;
          if ((await targetOf(datasets.child(mountName))) !== target) {
            throw new Problem('already-exists', {
              detail: `Something else is called ‘datasets/${mountName}’ in your workspace.`,
              hint: 'Rename or remove it, or unmount the dataset of the other tenant.'
            });
          }
        }
      });
    },
    async unlink({ user, mountName, target }) {
      assertMountName(mountName);
      await withDatasets(homeOf(user), { isCreated: false }, async datasets => {
        if ((await targetOf(datasets.child(mountName))) === target) await unlink(datasets.child(mountName));
      });
    },
    inspectFolder: ({ user, path }) => inspectHome(homeOf(user), path),
    copyFolder: ({ user, path, ...target }) => copyFromHome(homeOf(user), path, target)
  };
}

/** Works in `~/datasets`, which must be a real folder: a link there would let its owner choose where we write. */
async function withDatasets(home: string, options: { readonly isCreated: boolean }, work: (datasets: FolderHandle) => Promise<void>): Promise<void> {
  if (options.isCreated) await mkdir(home, { recursive: true, mode: 0o700 });
  const folder = await openFolder(home, '~').catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'not-found' && !options.isCreated) return undefined;
    throw error;
  });
  if (folder === undefined) return;
  try {
    if (options.isCreated) {
      await mkdir(folder.child('datasets'), { mode: 0o755 }).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
      });
    } else if (!(await isThere(folder.child('datasets')))) {
      return;
    }
    const datasets = await openFolder(folder.child('datasets'), 'datasets');
    try {
      await work(datasets);
    } finally {
      await datasets.close();
    }
  } finally {
    await folder.close();
  }
}

function assertMountName(mountName: string): void {
  if (!mountNamePattern.test(mountName)) throw new Problem('invalid-request', { detail: 'This is not the name of a mount.' });
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false
  );
}

/** Where a link leads; `undefined` when there is no link. */
async function targetOf(path: string): Promise<string | undefined> {
  return readlink(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EINVAL') return undefined;
    throw error;
  });
}
