import { describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import * as React from 'react';
import { mount, testSuite, until } from '../testing/render.test-support';
import { asProblem, useQuery } from './use-query';

function Value({ fetcher }: { readonly fetcher: (tenant: string, signal: AbortSignal) => Promise<string> }): React.JSX.Element {
  const { data, problem } = useQuery('value', fetcher, { refreshOn: ['job.'] });
  return <p>{problem?.code ?? data ?? 'loading'}</p>;
}

describe('a query of a component', () => {
  test('is asked in the chosen tenant, again after its events and after a switch of tenant', async () => {
    const suite = testSuite();
    let count = 0;
    const { root, unmount } = mount(<Value fetcher={async tenant => `${tenant} ${(count += 1)}`} />, suite);
    await until(() => root.textContent === 'demo 1');
    suite.emit('job.finished.v1');
    await until(() => root.textContent === 'demo 2');
    suite.stratalab.chooseTenant('other');
    await until(() => root.textContent === 'other 3');
    unmount();
  });
  test('is aborted when the component goes away', async () => {
    let signal: AbortSignal | undefined;
    const { unmount } = mount(
      <Value
        fetcher={(_tenant, given) => {
          signal = given;
          return new Promise(() => undefined);
        }}
      />
    );
    await until(() => signal !== undefined);
    unmount();
    expect(signal?.aborted).toBe(true);
  });
  test('shows a problem by its code; a lost network is one too', async () => {
    const { root, unmount } = mount(<Value fetcher={() => Promise.reject(new Problem('quota-exceeded'))} />);
    await until(() => root.textContent === 'quota-exceeded');
    unmount();
    expect(asProblem(new TypeError('Failed to fetch')).code).toBe('unavailable');
  });
});
