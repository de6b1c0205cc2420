import { Problem } from '@stratalab/contracts';
import { click, mount, testSuite, until } from '../../../kit/src/testing/render.test-support';
import * as React from 'react';
import { DeployForm } from './deploy-form';

const fits = {
  verdict: 'fits',
  message: 'Fits. It needs 504 MiB and 1 core; 8192 MiB and 16 cores are free.',
  kind: 'chat',
  contextTokens: 2048,
  quota: { memoryMiB: { limit: 8192, used: 0, requested: 504 } }
};

function suiteWith(far: Record<string, (input: never) => Promise<unknown>>) {
  const suite = testSuite();
  const asked: { name: string; input: { body?: Record<string, unknown> } }[] = [];
  const client = new Proxy(
    {},
    {
      get: (_target, name: string) => async (input: never) => {
        asked.push({ name, input });
        return far[name]?.(input);
      }
    }
  );
  Object.assign(suite.stratalab, { clientFor: () => client });
  return { suite, asked };
}

const registry = {
  listModels: async () => ({
    items: [
      { name: 'SmolLM2', versionCount: 2 },
      { name: 'empty', versionCount: 0 }
    ],
    nextCursor: null
  }),
  listDeployments: async () => ({ items: [{ name: 'smollm2' }], nextCursor: null }),
  listModelVersions: async () => ({
    items: [
      { version: 2, aliases: [], isQuarantined: true },
      { version: 1, aliases: ['champion'], isQuarantined: false }
    ],
    nextCursor: null
  })
};
const button = (root: HTMLElement) => [...root.querySelectorAll('button')].find(candidate => candidate.textContent === 'Deploy');

describe('the deploy form', () => {
  test('with the defaults one click deploys what fits, under a free name', async () => {
    const made: unknown[] = [];
    const { suite, asked } = suiteWith({ ...registry, estimateFit: async () => fits, deployModel: async () => ({ endpointUrn: 'urn:x' }) });
    const { root, unmount } = mount(<DeployForm onDeployed={deployment => made.push(deployment)} />, suite);
    await until(() => button(root)?.disabled === false);
    expect(root.textContent).toContain('It needs 504 MiB');
    expect([...root.querySelectorAll('option')].map(option => option.textContent)).toEqual(['SmolLM2', 'Newest', '@champion (version 1)', 'Version 2, in quarantine', 'Version 1']);
    click(button(root));
    await until(() => made.length === 1);
    expect(asked.find(({ name }) => name === 'deployModel')?.input.body).toEqual({ name: 'smollm2-2', model: 'SmolLM2', replicas: 1 });
    unmount();
  });

  test('what does not fit cannot be deployed, and a refusal is shown where the click was', async () => {
    const { suite } = suiteWith({ ...registry, estimateFit: async () => ({ ...fits, verdict: 'does-not-fit', message: 'Does not fit: 100 MiB are missing.' }) });
    const first = mount(<DeployForm onDeployed={() => undefined} />, suite);
    await until(() => first.root.textContent?.includes('100 MiB are missing') === true);
    expect(button(first.root)?.disabled).toBe(true);
    first.unmount();
    const refusal = new Problem('quota-exceeded', { detail: 'This needs 504 MiB.' });
    const far = { ...registry, estimateFit: async () => fits, deployModel: () => Promise.reject(refusal) };
    const second = mount(<DeployForm onDeployed={() => undefined} />, suiteWith(far).suite);
    await until(() => button(second.root)?.disabled === false);
    click(button(second.root));
    await until(() => second.root.textContent?.includes('This needs 504 MiB.') === true);
    expect(button(second.root)?.disabled).toBe(false);
    second.unmount();
  });

  test('without any model it says what to do', async () => {
    const { suite } = suiteWith({ ...registry, listModels: async () => ({ items: [], nextCursor: null }) });
    const { root, unmount } = mount(<DeployForm onDeployed={() => undefined} />, suite);
    await until(() => root.textContent?.includes('There is no model yet') === true);
    unmount();
  });
});
