import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFile } from 'node:fs/promises';
import { catalog } from '@stratalab/catalog';
import { control } from '@stratalab/control';
import { createLocalJobRuntime } from '@stratalab/job-runtime-local';
import { mountService, type JobCapacity, type MountedService } from '@stratalab/kernel';
import { createLocalMounts } from '@stratalab/mounts-local';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { createDuckDbQueryEngine } from '@stratalab/query-duckdb';
import { fakeControlPorts } from '@stratalab/tooling';
import { compute } from '../index.ts';

const venv = fileURLToPath(new URL('../../../../.venv', import.meta.url));

/** `compute` with real processes and the services it needs, on one data folder. */
export function computeServices(
  dataFolder: string,
  capacity: JobCapacity = { cpu: 2, memoryMiB: 4096, gpu: 0 },
  pythons: readonly string[] = [join(venv, 'bin/python'), '/usr/bin/python3']
): readonly MountedService[] {
  const store = createFolderObjectStore({ dataFolder });
  const samples = {
    all: [{ name: 'flights', description: 'A sample', tags: ['sample'], isParquet: false, sizeBytes: 1_000 }],
    write: (name: string, folder: string) =>
      writeFile(join(folder, `${name}.csv`), 'month,carrier,dep_delay,arr_delay,distance,hour\n1,UA,2,11,1400,5\n2,UA,4,21,1416,6\n1,AA,2,33,1089,7\n')
  };
  return [
    mountService(control, fakeControlPorts()),
    mountService(catalog, { store, samples, query: createDuckDbQueryEngine(), workspaces: createLocalMounts({ dataFolder }) }),
    mountService(compute, {
      platformUrl: 'http://127.0.0.1:9',
      runtime: createLocalJobRuntime({ dataFolder, capacity, pythons })
    })
  ];
}
