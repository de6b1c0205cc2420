import { describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import * as React from 'react';
import { mount, testSuite, until } from '../testing/render.test-support';
import { asProblem, useQuery } from './use-query';

interface ValueProps {
  readonly fetcher: (tenant: string, signal: AbortSignal) => Promise<string>;
  readonly isLive?: boolean;
}

function Value({ fetcher, isLive = true }: ValueProps): React.JSX.Element {
  const { data, problem } = useQuery('value', fetcher, { refreshOn: isLive ? ['job.'] : [] });
  return <p>{problem?.code ?? data ?? 'loading'}</p>;
}

function Kept({ fetcher }: { readonly fetcher: (tenant: string) => Promise<string> }): React.JSX.Element {
  const { data, problem } = useQuery('kept', fetcher, { refreshOn: ['job.'] });
  return <p>{`${data ?? 'nothing'} ${problem?.code ?? 'none'}`}</p>;
}

function Version({ name, isReady }: { readonly name: string; readonly isReady: boolean }): React.JSX.Element {
  const { data } = useQuery(`version ${name}`, async () => name, { isEnabled: isReady });
  return <p>{data ?? 'nothing'}</p>;
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
  test('is asked again when events may have been missed', async () => {
    const suite = testSuite();
    let count = 0;
    const { root, unmount } = mount(<Value fetcher={async () => String((count += 1))} />, suite);
    await until(() => root.textContent === '1');
    suite.miss();
    await until(() => root.textContent === '2');
    unmount();
  });
  test('is asked a last time when its events are no longer listened to, and again when they are', async () => {
    let count = 0;
    const fetcher = async (): Promise<string> => String((count += 1));
    const { root, rerender, unmount } = mount(<Value fetcher={fetcher} />);
    await until(() => root.textContent === '1');
    rerender(<Value fetcher={fetcher} isLive={false} />);
    await until(() => root.textContent === '2');
    rerender(<Value fetcher={fetcher} />);
    await until(() => root.textContent === '3');
    unmount();
  });
  test('an answer that takes longer than the next event is shown all the same, and asked for again', async () => {
    const suite = testSuite();
    const slow: { readonly signal: AbortSignal; readonly answer: (text: string) => void }[] = [];
    let count = 0;
    const { root, unmount } = mount(
      <>
        <Value fetcher={(_tenant, signal) => new Promise(answer => slow.push({ signal, answer }))} />
        <Value fetcher={async () => `quick ${(count += 1)}`} />
      </>,
      suite
    );
    await until(() => root.textContent === 'loadingquick 1');
    suite.emit('job.changed.v1');
    // The slow one heard of it first.
    await until(() => root.textContent === 'loadingquick 2');
    expect(slow.map(({ signal }) => signal.aborted)).toEqual([false]);
    slow[0]?.answer('slow 1 ');
    await until(() => root.textContent === 'slow 1 quick 2' && slow.length === 2);
    unmount();
  });
  test('keeps its answer when a refresh fails for a passing reason, but not one that is gone, closed or of another tenant', async () => {
    const suite = testSuite();
    let failure: Problem | undefined;
    const fetcher = async (tenant: string): Promise<string> => {
      if (failure !== undefined) throw failure;
      return tenant;
    };
    const { root, unmount } = mount(<Kept fetcher={fetcher} />, suite);
    await until(() => root.textContent === 'demo none');
    for (const [code, kept] of [
      ['unavailable', 'demo'],
      ['not-found', 'nothing'],
      ['forbidden', 'nothing']
    ] as const) {
      failure = new Problem(code);
      suite.emit('job.changed.v1');
      await until(() => root.textContent === `${kept} ${code}`);
      failure = undefined;
      suite.emit('job.changed.v1');
      await until(() => root.textContent === 'demo none');
    }
    failure = new Problem('unavailable');
    suite.stratalab.chooseTenant('other');
    await until(() => root.textContent === 'nothing unavailable');
    unmount();
  });
  test('has no answer to another key, also while it may not be asked', async () => {
    const { root, rerender, unmount } = mount(<Version name="first" isReady />);
    await until(() => root.textContent === 'first');
    rerender(<Version name="second" isReady={false} />);
    expect(root.textContent).toBe('nothing');
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
