import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelFiles } from '@stratalab/kernel';
import { describeModelRuntime } from '@stratalab/kernel/conformance/model-runtime';
import { openRuntime, sampleChatModel, toolsFor } from './runtime.test-support.ts';

describe('model-runtime-local with a chat model', () => {
  let data = '';
  let files: ModelFiles = { folder: '', format: 'gguf', sizeBytes: 0 };
  const open = () => openRuntime(data);
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'stratalab-models-'));
    files = await sampleChatModel();
  });
  afterAll(async () => {
    await open().close();
    await rm(data, { recursive: true, force: true });
  });

  const subject = {
    open,
    tenant: 'alpha',
    question: { path: '/v1/chat/completions', body: { model: 'x', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 4 } },
    get files() {
      return files;
    }
  };
  describeModelRuntime(
    subject,
    toolsFor(() => data)
  );

  test('the header says what a conversation costs: 22.5 KiB a token for SmolLM2-135M', async () => {
    expect(await open().inspect(files)).toMatchObject({ kind: 'chat', bytesPerToken: 22.5 * 1024, trainedContextTokens: 8192, weightsBytes: files.sizeBytes });
  });

  test('T40 a header that lies about its size is refused without reading it all', async () => {
    const file = join(data, 'lie.gguf');
    const head = Buffer.alloc(24);
    head.write('GGUF');
    head.writeUInt32LE(3, 4);
    head.writeBigUInt64LE(2n ** 60n, 16);
    await writeFile(file, head);
    await expect(open().inspect({ folder: data, entryFile: 'lie.gguf', format: 'gguf', sizeBytes: 24 })).rejects.toMatchObject({ code: 'invalid-input' });
    await writeFile(file, 'not a model');
    await expect(open().inspect({ folder: data, entryFile: 'lie.gguf', format: 'gguf', sizeBytes: 11 })).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
