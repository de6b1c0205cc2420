import { describe, expect, test } from '@jest/globals';
import type { WatchOptions } from '@stratalab/client';
import { Problem } from '@stratalab/contracts';
import { testSuite, until } from '../testing/render.test-support';
import { createEvents } from './events';

/** A far side that records how it was followed and never ends by itself. */
function farSide() {
  const streams: WatchOptions[] = [];
  const follow = (options: WatchOptions): Promise<void> => {
    streams.push(options);
    options.onState?.('open');
    return new Promise(resolve => options.signal.addEventListener('abort', () => resolve()));
  };
  return { streams, follow };
}

function hide(isHidden: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('live events of a tab', () => {
  test('many listeners share one stream, each gets its prefixes, and the last to leave closes it', async () => {
    const { streams, follow } = farSide();
    const events = createEvents(testSuite().stratalab, { follow });
    const seen: string[] = [];
    const stops = [events.listen(['job.'], event => seen.push(`a ${event.name}`)), events.listen(['dataset.', 'job.'], event => seen.push(`b ${event.name}`))];
    await until(() => streams.length === 1);
    expect(streams[0]?.url).toBe('http://platform/api/events/v1/tenants/demo/stream');
    streams[0]?.onEvent({ id: '1', event: 'message', data: '{"name":"dataset.changed.v1"}' });
    streams[0]?.onEvent({ id: '2', event: 'message', data: '{"name":"job.changed.v1"}' });
    expect(seen).toEqual(['b dataset.changed.v1', 'a job.changed.v1', 'b job.changed.v1']);
    for (const stop of stops) stop();
    expect(streams[0]?.signal.aborted).toBe(true);
    expect(events.state).toBe('idle');
  });
  test('a tab that is hidden for long stands by and then goes on after the last event it saw', async () => {
    const { streams, follow } = farSide();
    const events = createEvents(testSuite().stratalab, { follow, hiddenLimitMs: 10 });
    events.listen(['job.'], () => undefined);
    await until(() => streams.length === 1);
    streams[0]?.onEvent({ id: '41', event: 'message', data: '{"name":"job.changed.v1"}' });
    hide(true);
    await until(() => events.state === 'standby');
    hide(false);
    await until(() => streams.length === 2);
    expect(streams[1]?.lastEventId).toBe('41');
  });
  test('a stream that begins with its present says so, one that goes on after an event does not', async () => {
    const { streams, follow } = farSide();
    const events = createEvents(testSuite().stratalab, { follow });
    const states: string[] = [];
    events.missed.connect(() => void states.push('missed'));
    const again = (): void => {
      streams[0]?.onState?.('retrying');
      streams[0]?.onState?.('open');
    };
    events.listen(['job.'], () => undefined);
    await until(() => streams.length === 1);
    expect(states).toEqual(['missed']);
    again();
    expect(states).toEqual(['missed', 'missed']);
    streams[0]?.onEvent({ id: '41', event: 'message', data: '{"name":"job.changed.v1"}' });
    again();
    expect(states).toEqual(['missed', 'missed']);
  });
  test('another tenant is another stream from its present', async () => {
    const { streams, follow } = farSide();
    const { stratalab } = testSuite();
    createEvents(stratalab, { follow }).listen(['job.'], () => undefined);
    await until(() => streams.length === 1);
    streams[0]?.onEvent({ id: '41', event: 'message', data: '{"name":"job.changed.v1"}' });
    stratalab.chooseTenant('other');
    await until(() => streams.length === 2);
    expect(streams[1]?.url).toContain('/tenants/other/');
    expect(streams[1]?.lastEventId).toBeUndefined();
  });
  test('a refusal is a state, and is tried again later', async () => {
    let tries = 0;
    const events = createEvents(testSuite().stratalab, {
      refusedRetryMs: 10,
      follow: () => {
        tries += 1;
        return Promise.reject(new Problem('forbidden'));
      }
    });
    const states: string[] = [];
    events.stateChanged.connect((_sender, state) => states.push(state));
    const stop = events.listen(['job.'], () => undefined);
    await until(() => tries >= 2);
    stop();
    expect(states).toContain('refused');
  });
});
