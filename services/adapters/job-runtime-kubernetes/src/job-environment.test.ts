import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, type JobStart } from '@stratalab/kernel';
import { jobEnvironment } from './job-environment.ts';
import { prepareFolders } from './prepare-folders.ts';
import { prepareGang } from './ray/prepare-gang.ts';
import type { Site } from './site.ts';

let dataFolder = '';
let site: Site;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-environment-'));
  const pythonPackages = join(dataFolder, 'packages');
  await mkdir(pythonPackages);
  await writeFile(join(pythonPackages, 'helper.py'), 'word = 1\n');
  site = {
    ...{ image: 'image', claimName: 'claim', dataFolder, pythonPackages, user: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 } },
    ...{ namespaceOf: (tenant: string) => tenant, queueOf: (tenant: string) => tenant }
  };
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

const start = (given: Partial<JobStart> = {}): JobStart => ({
  ...{ tenant: 't', jobId: newId(), attempt: 1, launcher: 'python', processes: 2, gpuDevices: [], fileName: 'main.py', code: 'print(1)', token: 'secret-of-the-job' },
  ...{ perProcess: { cpu: 2.5, memoryMiB: 256, gpu: 0 }, arguments: [], environment: {}, mounts: [], outputs: [] },
  ...given
});
const attempt = ({ tenant, jobId }: JobStart): string => join(dataFolder, 'tenants', tenant, 'jobs', jobId, 'attempts/1');

test('the job may change what is usual, its packages come first, and who it is it cannot change', () => {
  const job = start({ environment: { OMP_NUM_THREADS: '7', PYTHONPATH: '/own', STRATALAB_TENANT: 'other' } });
  const packages = join(attempt(job), 'packages.zip');
  expect(jobEnvironment(job, site)).toMatchObject({ OMP_NUM_THREADS: '7', PYTHONPATH: `/own:${packages}`, STRATALAB_TENANT: 't', STRATALAB_JOB_ID: job.jobId });
  expect(jobEnvironment(start(), site)).toMatchObject({ OMP_NUM_THREADS: '2', USER: 'stratalab', PYTHONUNBUFFERED: '1' });
  const { pythonPackages: _none, ...without } = site;
  expect(jobEnvironment(start(), without)).not.toHaveProperty('PYTHONPATH');
});

test('a gang and a gang on Ray are told the same variables and given the same packages', async () => {
  const job = start({ environment: { EPOCHS: '3' } });
  await prepareFolders(job, site);
  const { environment: told } = JSON.parse(await readFile(join(attempt(job), 'request.json'), 'utf8'));
  const packages = await readFile(join(attempt(job), 'packages.zip'));
  const onRay = { ...job, launcher: 'ray' } as const;
  await prepareGang(onRay, site);
  const { environment: toldOnRay } = JSON.parse(await readFile(join(attempt(job), 'gang.json'), 'utf8'));
  expect(told).toEqual(jobEnvironment(job, site));
  expect(toldOnRay).toMatchObject(told);
  expect(await readFile(join(attempt(job), 'packages.zip'))).toEqual(packages);
  expect(JSON.stringify([told, toldOnRay])).not.toContain('secret-of-the-job');
});
