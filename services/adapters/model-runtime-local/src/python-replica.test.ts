import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelFiles } from '@stratalab/kernel';
import { describeModelRuntime } from '@stratalab/kernel/conformance/model-runtime';
import { waitFor } from '@stratalab/tooling';
import { irisRow, openRuntime, toolsFor, trainIris } from './runtime.test-support.ts';

describe('model-runtime-local with a Python model', () => {
  let data = '';
  let files: ModelFiles = { folder: '', format: 'mlflow-sklearn', sizeBytes: 0 };
  const open = () => openRuntime(data);
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'stratalab-models-'));
    files = await trainIris(data);
  });
  afterAll(async () => {
    await open().close();
    await rm(data, { recursive: true, force: true });
  });

  const subject = {
    open,
    tenant: 'alpha',
    question: { path: '/invocations', body: irisRow },
    get files() {
      return files;
    }
  };
  describeModelRuntime(
    subject,
    toolsFor(() => data)
  );

  test('a model that cannot be loaded says why in its log and ends', async () => {
    const runtime = open();
    const folder = join(data, 'tenants/alpha/objects/models/broken');
    await mkdir(folder, { recursive: true });
    await runtime.start({ id: 'broken-0', tenant: 'alpha', files: { folder, format: 'mlflow-sklearn', sizeBytes: 1 }, parallel: 1 });
    const seen = await waitFor(async () => {
      const observation = await runtime.observe('broken-0');
      return observation?.phase === 'exited' && observation;
    });
    expect(seen.message).toBe('The process ended with 1.');
    expect((await runtime.readLog('broken-0', { offset: 0, limitBytes: 100_000 })).text).toContain('MLmodel');
    await runtime.remove('broken-0');
  });
});
