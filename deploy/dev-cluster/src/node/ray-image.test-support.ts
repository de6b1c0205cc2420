import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../cluster.ts';
import { writeImageArchive } from '../images/image-archive.ts';
import { fillHostUsr, importImage } from './images.ts';

/** The environment with Ray that tests have; of the system's Python, which pods see. */
export const rayFolder = fileURLToPath(new URL('../../../../.cache/ray', import.meta.url));

const reference = 'localhost/hostray:1';

/** Gives the node an image with Ray on its PATH, as one from a registry has it; its pods mount `usr` and `rayFolder`. @returns its name */
export async function importRayImage(cluster: Cluster): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stratalab-ray-image-'));
  try {
    const root = await mkdtemp(join(folder, 'root-'));
    await fillHostUsr(root);
    const archive = join(folder, 'hostray.tar');
    await writeImageArchive({ reference, layers: [{ folder: root }], entrypoint: ['/usr/bin/python3'], environment: [`PATH=${rayFolder}/bin:/usr/bin:/bin`] }, archive);
    await importImage(cluster, archive);
    return reference;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
