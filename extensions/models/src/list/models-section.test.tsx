import { click, mount, testSuite, until } from '../../../kit/src/testing/render.test-support';
import * as React from 'react';
import { modelsCommands } from '../command-ids';
import { ModelsSection } from './models-section';

const model = { name: 'tiny', urn: 'urn:strata:demo:model:tiny', latestVersion: 2, format: 'gguf', aliases: [{ alias: 'champion', version: 1 }] };
const run = { id: '1', urn: 'urn:strata:demo:run:1', name: 'calm-otter', experimentName: 'flights', state: 'running', startedAt: '2026-01-01T00:00:00Z' };
const experiment = { id: '0', name: 'Default', runCount: 3, runningCount: 1 };

function suiteWith(rows: { models: readonly object[]; runs: readonly object[]; experiments: readonly object[] }) {
  const suite = testSuite([modelsCommands.uploadModel, 'stratalab:open-object']);
  const state = { ...rows };
  const client = {
    listModels: async () => ({ items: state.models, nextCursor: null }),
    listRuns: async () => ({ items: state.runs, nextCursor: null }),
    listExperiments: async () => ({ items: state.experiments, nextCursor: null })
  };
  Object.assign(suite.stratalab, { clientFor: () => client });
  return { suite, state };
}

describe('the section of the models', () => {
  test('shows models with aliases, runs with their state and experiments, follows the events, and opens pages', async () => {
    const { suite, state } = suiteWith({ models: [model], runs: [run], experiments: [experiment] });
    const { root, unmount } = mount(<ModelsSection />, suite);
    await until(() => ['tiny', '@champion', 'GGUF · version 2', 'calm-otter', 'Running', '3 runs'].every(text => root.textContent?.includes(text) === true));
    state.runs = [{ ...run, state: 'finished' }];
    suite.emit('run.finished.v1');
    await until(() => root.textContent?.includes('Finished') === true);
    for (const name of ['tiny', 'calm-otter', 'Default']) click([...root.querySelectorAll('.jp-Strata-item')].find(item => item.textContent?.includes(name)));
    expect(suite.executed.map(({ args }) => args)).toEqual([{ urn: model.urn }, { urn: run.urn }, { urn: 'urn:strata:demo:experiment:0' }]);
    unmount();
  });

  test('empty, it teaches the next step: code that logs a run, and the upload', async () => {
    const { suite } = suiteWith({ models: [], runs: [], experiments: [] });
    const { root, unmount } = mount(<ModelsSection />, suite);
    await until(() => root.textContent?.includes('import mlflow') === true && root.textContent.includes('No model is registered yet'));
    click([...root.querySelectorAll('[role=radio]')].find(choice => choice.textContent === 'curl'));
    expect(root.textContent).toContain('MLFLOW_TRACKING_URI=http://platform/mlflow/demo');
    click([...root.querySelectorAll('button')].find(button => button.textContent === 'Upload a model'));
    expect(suite.executed[0]?.id).toBe(modelsCommands.uploadModel);
    unmount();
  });

  test('a failure shows its notice, and trying again brings the lists', async () => {
    const { suite, state } = suiteWith({ models: [model], runs: [], experiments: [] });
    const { models } = state;
    Object.defineProperty(state, 'models', {
      configurable: true,
      get: () => {
        throw new Error('The line is gone.');
      }
    });
    const { root, unmount } = mount(<ModelsSection />, suite);
    await until(() => root.textContent?.includes('The line is gone.') === true);
    Object.defineProperty(state, 'models', { value: models });
    click([...root.querySelectorAll('button')].find(button => /again/i.test(button.textContent ?? '')));
    await until(() => root.textContent?.includes('tiny') === true);
    unmount();
  });
});
