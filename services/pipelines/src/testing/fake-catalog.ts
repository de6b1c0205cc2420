import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatUrn, Problem } from '@stratalab/contracts';
import { catalogRoutes, type ResolvedMount } from '@stratalab/contracts/catalog';
import { defineService, mountService, type Handlers, type MountedService } from '@stratalab/kernel';
import { Type } from 'typebox';

export interface FakeCatalog {
  readonly service: MountedService;
  /** Publishes a CSV file as the next version of a dataset. */
  addCsv(tenant: string, name: string, text: string): Promise<void>;
  /** Versions of a dataset, oldest first. */
  versionsOf(tenant: string, name: string): readonly ResolvedMount[];
  /** The next publications fail with these, one each. */
  readonly failures: Problem[];
  readonly published: { readonly producerUrn: string; readonly inputs: readonly string[] }[];
}

/** The two routes of `catalog` that pipelines call, over real folders: other tests run the real one. */
export function createFakeCatalog(dataFolder: string): FakeCatalog {
  const versions = new Map<string, ResolvedMount[]>();
  const outputs = new Map<string, { name: string; version: string; urn: string }>();
  const failures: Problem[] = [];
  const published: { producerUrn: string; inputs: readonly string[] }[] = [];
  // The real one publishes under a lock: two attempts at one output, one of them given up for dead, get the same version.
  let last: Promise<unknown> = Promise.resolve();
  const oneAtATime = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
  const listOf = (tenant: string, name: string): ResolvedMount[] => {
    const key = `${tenant}/${name}`;
    const known = versions.get(key) ?? [];
    versions.set(key, known);
    return known;
  };
  const keep = async (tenant: string, name: string, given: { path: string; format: ResolvedMount['format'] }): Promise<ResolvedMount> => {
    const list = listOf(tenant, name);
    const version = String(list.length + 1);
    const names = await readdir(given.path);
    const files = await Promise.all(names.map(async file => ({ name: file, sizeBytes: (await stat(join(given.path, file))).size })));
    const mount = { ...given, name, version, files, urn: formatUrn({ tenant, kind: 'dataset', name, version }), mountName: `${name}@${version}` };
    list.push(mount);
    return mount;
  };
  const folderOf = (tenant: string, name: string): string => join(dataFolder, 'tenants', tenant, 'objects', name, String(listOf(tenant, name).length + 1));
  const handlers: Pick<Handlers<typeof catalogRoutes>, 'resolveMounts' | 'publishOutput'> = {
    async resolveMounts(call, { body }) {
      const items = body.datasets.map(({ name, version }) => {
        const list = listOf(call.tenant, name);
        const found = version === undefined ? list.at(-1) : list.find(mount => mount.version === version);
        if (found === undefined) throw new Problem('not-found', { detail: `There is no dataset '${name}'.` });
        return found;
      });
      return { items };
    },
    async publishOutput(call, { body }) {
      await call.commit(async () => undefined);
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return oneAtATime(async () => {
        const key = `${call.tenant} ${body.producerUrn} ${body.output}`;
        const known = outputs.get(key);
        if (known !== undefined) return known;
        const path = folderOf(call.tenant, body.dataset);
        await mkdir(join(path, '..'), { recursive: true });
        await rename(join(dataFolder, 'tenants', call.tenant, 'staging', body.stagingId), path);
        const { name, version, urn } = await keep(call.tenant, body.dataset, { path, format: 'parquet' });
        outputs.set(key, { name, version, urn });
        published.push({ producerUrn: body.producerUrn, inputs: body.inputs });
        return { name, version, urn };
      });
    }
  };
  const service = defineService<unknown, Pick<typeof catalogRoutes, 'resolveMounts' | 'publishOutput'>>({
    name: 'catalog',
    routes: { resolveMounts: catalogRoutes.resolveMounts, publishOutput: catalogRoutes.publishOutput },
    migrations: new URL('./', import.meta.url),
    config: Type.Object({}),
    create: () => ({ handlers })
  });
  return {
    service: mountService(service, undefined),
    failures,
    published,
    versionsOf: listOf,
    async addCsv(tenant, name, text) {
      const path = folderOf(tenant, name);
      await mkdir(path, { recursive: true });
      await writeFile(join(path, 'data.csv'), text);
      await keep(tenant, name, { path, format: 'csv' });
    }
  };
}
