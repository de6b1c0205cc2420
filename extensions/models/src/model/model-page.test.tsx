import { click, mount, testSuite, until } from '../../../kit/src/testing/render.test-support';
import * as React from 'react';
import { deployCommand, modelsCommands } from '../command-ids';
import { ModelPage } from './model-page';

const origin = {
  kind: 'job',
  user: 'ann',
  jobUrn: 'urn:strata:demo:job:1',
  jobName: 'train',
  codeFileName: 'train.py',
  codeSha256: 'a'.repeat(64),
  datasets: ['urn:strata:demo:dataset:flights@3']
};
const version = (number: number, more: object = {}) => ({
  model: 'tiny',
  version: number,
  urn: `urn:strata:demo:model:tiny@${number}`,
  description: '',
  aliases: number === 1 ? ['champion'] : [],
  tags: [],
  format: 'mlflow-sklearn',
  isQuarantined: false,
  quarantineReason: null,
  approval: null,
  warnings: [],
  entryFile: 'MLmodel',
  sizeBytes: 2048,
  fileCount: 2,
  sha256: 'b'.repeat(64),
  facts: [{ key: 'scikit-learn', value: '1.9.1' }],
  signature: null,
  runId: null,
  runName: null,
  origin,
  createdBy: 'ann',
  createdAt: '2026-01-01T00:00:00Z',
  ...more
});
const model = {
  name: 'tiny',
  urn: 'urn:strata:demo:model:tiny',
  description: 'Predicts delays.',
  tags: [],
  aliases: [{ alias: 'champion', version: 1 }],
  latestVersion: 2,
  versionCount: 2,
  format: 'mlflow-sklearn',
  createdBy: 'ann',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z'
};
const urn = { tenant: 'demo', kind: 'model', name: 'tiny' } as const;

function suiteWith(versions: readonly object[]) {
  const suite = testSuite([deployCommand, modelsCommands.uploadModel, 'stratalab:open-object']);
  const calls: { name: string; input: unknown }[] = [];
  const note =
    (name: string, answer: unknown = {}) =>
    async (input: unknown): Promise<unknown> => {
      calls.push({ name, input });
      return answer;
    };
  const client = {
    getModel: async () => model,
    listModelVersions: async () => ({ items: versions, nextCursor: null }),
    listModelVersionFiles: async () => ({ items: [{ path: 'MLmodel', isFolder: false, sizeBytes: 100 }] }),
    getLineage: async () => ({ nodes: [], edges: [] }),
    setAlias: note('setAlias'),
    deleteAlias: note('deleteAlias')
  };
  Object.assign(suite.stratalab, { clientFor: () => client });
  return { suite, calls };
}

describe('the page of a model', () => {
  test('shows versions, the origin of the newest, and deploys the chosen one', async () => {
    const { suite } = suiteWith([version(2), version(1)]);
    const { root, unmount } = mount(<ModelPage urn={urn} text="urn:strata:demo:model:tiny" />, suite);
    await until(() =>
      ['Predicts delays.', '@champion → 1', 'job train', 'train.py', 'flights@3', 'scikit-learn', 'MLmodel'].every(text => root.textContent?.includes(text) === true)
    );
    click([...root.querySelectorAll('button')].find(button => button.textContent === 'flights@3'));
    click([...root.querySelectorAll('button')].find(button => button.textContent === 'Version 1'));
    await until(() => root.textContent?.includes('models:/tiny@champion') === true);
    click([...root.querySelectorAll('button')].find(button => button.textContent === 'Deploy version 1'));
    expect(suite.executed).toEqual([
      { id: 'stratalab:open-object', args: { urn: 'urn:strata:demo:dataset:flights@3' } },
      { id: deployCommand, args: { model: 'tiny', version: 1 } }
    ]);
    unmount();
  });

  test('aliases can be taken away where they are shown', async () => {
    const { suite, calls } = suiteWith([version(2), version(1)]);
    const { root, unmount } = mount(<ModelPage urn={{ ...urn, version: '1' }} text="urn:strata:demo:model:tiny@1" />, suite);
    await until(() => root.querySelector('[aria-label="Remove the alias champion"]') !== null);
    click(root.querySelector('[aria-label="Remove the alias champion"]'));
    await until(() => calls.length === 1);
    expect(calls).toEqual([{ name: 'deleteAlias', input: { params: { tenant: 'demo', model: 'tiny', alias: 'champion' } } }]);
    unmount();
  });

  test('a quarantined version says why and cannot be deployed', async () => {
    const { suite } = suiteWith([version(2, { isQuarantined: true, quarantineReason: "'w.pkl' is a pickle." }), version(1)]);
    const { root, unmount } = mount(<ModelPage urn={urn} text="urn:strata:demo:model:tiny" />, suite);
    await until(() => root.textContent?.includes("Quarantined: 'w.pkl' is a pickle.") === true);
    const deploy = [...root.querySelectorAll('button')].find(button => button.textContent === 'Deploy version 2');
    expect(deploy?.disabled).toBe(true);
    unmount();
  });
});
