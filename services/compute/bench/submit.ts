import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { median, report } from '@stratalab/tooling';
import { createComputeHost } from '../src/testing/compute-host.ts';

/** From the submit call until the first line of the job's own output, one job at a time, against starting the same program bare. */
const rounds = 12;
const code = "print('here', flush=True)";

const jobs = await createComputeHost();
const ours: number[] = [];
const bare: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const submitted = performance.now();
  const { id } = await jobs.submit(code, { name: `round-${round}` });
  while (!(await jobs.logOf(id)).includes('here'));
  ours.push(performance.now() - submitted);
  await jobs.until(id, 'succeeded');

  const started = performance.now();
  const child = spawn('python3', ['-c', code], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  bare.push(performance.now() - started);
  if (child.exitCode === null) await once(child, 'exit');
}
await jobs.close();
report({
  name: 'submit to the first line of output',
  unit: 'ms',
  value: median(ours),
  baseline: { name: 'the same program, bare', value: median(bare) },
  ratio: median(ours) / median(bare),
  limit: 100
});
