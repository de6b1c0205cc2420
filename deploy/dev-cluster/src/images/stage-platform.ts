import { cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { productionFiles } from './production-files.ts';

/** `node deploy/dev-cluster/src/images/stage-platform.ts FOLDER`: copies what the platform image holds of this checkout, for the Dockerfile. */
const repository = fileURLToPath(new URL('../../../../', import.meta.url)).replace(/\/$/, '');
const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('Usage: stage-platform.ts FOLDER');

const { dependencies, product, links } = await productionFiles(repository, { hasHub: true });
for (const name of [...dependencies, ...product]) await cp(join(repository, name), join(target, name), { verbatimSymlinks: true });
for (const [name, leadsTo] of Object.entries(links)) {
  await mkdir(dirname(join(target, name)), { recursive: true });
  await symlink(leadsTo, join(target, name));
}
process.stdout.write(`${dependencies.length} files of packages, ${product.length} of the product\n`);
