import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { servingRoutes } from '@stratalab/contracts/serving';
import { mountService } from '@stratalab/kernel';
import { waitFor } from '@stratalab/tooling';
import { ann, createServingWorld, venv, vic, type ServingWorld } from '@stratalab/tooling/serving-world';
import OpenAI, { RateLimitError } from 'openai';
import { serving } from './index.ts';
import { replicaProcesses } from './testing/replica-processes.test-support.ts';

const demo = { tenant: 'demo' };
const trainScript = `
import sys, mlflow.sklearn
from mlflow.models import infer_signature
from sklearn.datasets import load_iris
from sklearn.tree import DecisionTreeClassifier
X, y = load_iris(return_X_y=True, as_frame=True)
m = DecisionTreeClassifier(max_depth=2, random_state=0).fit(X, y)
mlflow.sklearn.save_model(m, sys.argv[1], signature=infer_signature(X, m.predict(X)), pip_requirements=[], serialization_format="cloudpickle")
`;
const columns = ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)'];

describe('endpoints when things go wrong', () => {
  let world: ServingWorld;
  let folder = '';
  const api = () => world.host.clientFor(servingRoutes, ann);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stratalab-iris-'));
    execFileSync(join(venv, 'bin/python'), ['-c', trainScript, join(folder, 'model')], { stdio: 'ignore' });
    const iris = { path: join(folder, 'model'), entryFile: null, format: 'mlflow-sklearn' as const, sizeBytes: 10_000, isQuarantined: false };
    world = await createServingWorld({
      mount: ports => mountService(serving, ports),
      models: new Map([['iris', iris]]),
      environment: { STRATALAB_ENDPOINT_QUEUE: '2', STRATALAB_ENDPOINT_WAIT_SECONDS: '30' }
    });
    await Promise.all([world.deploy('flowers', 'iris'), world.deploy('smol-chat')]);
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('a Python model answers rows, and says what is wrong with bad ones', async () => {
    const asked = { params: { ...demo, endpoint: 'flowers' } };
    const viewer = world.host.clientFor(servingRoutes, vic);
    expect(
      await viewer.predict({
        ...asked,
        body: {
          dataframe_split: {
            columns,
            data: [
              [5.1, 3.5, 1.4, 0.2],
              [6.7, 3.0, 5.2, 2.3]
            ]
          }
        }
      })
    ).toEqual({ predictions: [0, 2] });
    expect(await viewer.predict({ ...asked, body: { dataframe_records: [Object.fromEntries(columns.map(name => [name, 0.2]))] } })).toEqual({ predictions: [0] });
    await expect(viewer.predict({ ...asked, body: { dataframe_split: { columns: ['nonsense'], data: [[1]] } } })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(viewer.predict({ ...asked, body: {} })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(viewer.completeChat({ params: { ...demo, endpoint: 'flowers' }, body: { messages: [{ role: 'user', content: 'Hi' }] } })).rejects.toMatchObject({
      code: 'invalid-state'
    });
  });

  test('F36 a replica that dies in the middle of a stream gives a typed error, never half an answer as a whole one', async () => {
    const client = new OpenAI({ apiKey: world.accessKey, baseURL: `${world.baseUrl}/openai/v1`, maxRetries: 0 });
    const processes = await replicaProcesses(world);
    const stream = await client.chat.completions.create({
      model: 'smol-chat',
      messages: [{ role: 'user', content: 'Count from one to one hundred.' }],
      max_tokens: 400,
      stream: true
    });
    const read = async (): Promise<void> => {
      let pieces = 0;
      for await (const _chunk of stream) {
        if (++pieces !== 3) continue;
        // Finding the process takes a moment, in which the answer must not come to its end.
        processes.standStill();
        await world.crash('smol-chat').finally(() => processes.goOn());
      }
    };
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
    expect(
      (await api().completeChat({ params: { ...demo, endpoint: 'smol-chat' }, body: { messages: [{ role: 'user', content: 'Hi' }], maxTokens: 2 } })).usage.completionTokens
    ).toBeGreaterThan(0);
  });

  test('more calls than places and queue are refused with a time to come back', async () => {
    const client = new OpenAI({ apiKey: world.accessKey, baseURL: `${world.baseUrl}/openai/v1`, maxRetries: 0 });
    const ask = () => client.chat.completions.create({ model: 'smol-chat', messages: [{ role: 'user', content: 'Count from one to fifty.' }], max_tokens: 60 });
    const refused: RateLimitError[] = [];
    const processes = await replicaProcesses(world);
    // No call ends and makes room before all of them have come.
    processes.standStill();
    const calls = Array.from({ length: 8 }, () =>
      ask().then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof RateLimitError)) throw error;
          refused.push(error);
          return false;
        }
      )
    );
    await waitFor(() => refused.length >= 4).finally(() => processes.goOn());
    expect((await Promise.all(calls)).filter(isAnswered => isAnswered)).toHaveLength(4);
    expect(refused[0]?.headers.get('retry-after')).toBe('2');
  });

  test('the next platform process adopts the replicas of a killed one, and calls go on', async () => {
    const before = await api().getDeployment({ params: { ...demo, deployment: 'smol-chat' } });
    // What a killed process leaves: running replicas, and a database that knows them.
    const next = await world.another();
    const answer = await next
      .clientFor(servingRoutes, ann)
      .completeChat({ params: { ...demo, endpoint: 'smol-chat' }, body: { messages: [{ role: 'user', content: 'Hi' }], maxTokens: 2 } });
    expect(answer.usage.completionTokens).toBeGreaterThan(0);
    const after = await next.clientFor(servingRoutes, ann).getDeployment({ params: { ...demo, deployment: 'smol-chat' } });
    expect(after.replicas[0]?.startedAt).toBe(before.replicas[0]?.startedAt);
    await next.close();
  });
});
