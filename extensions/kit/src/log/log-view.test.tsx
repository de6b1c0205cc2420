import { describe, expect, test } from '@jest/globals';
import * as React from 'react';
import { mount, until } from '../testing/render.test-support';
import { LogView } from './log-view';
import type { LogRequest } from './use-log';

describe('log view', () => {
  test('follows from where it stopped and ends when the log does', async () => {
    const offsets: number[] = [];
    const read = async ({ offset }: LogRequest) => {
      offsets.push(offset);
      return offset === 0 ? { text: 'epoch 1\n', nextOffset: 8, isEnded: false } : { text: 'epoch 2\n', nextOffset: 16, isEnded: true };
    };
    const { root, unmount } = mount(<LogView read={read} parts={[{ id: '0', label: 'rank 0' }]} />);
    await until(() => root.textContent?.includes('epoch 2') ?? false);
    expect(offsets).toEqual([0, 8]);
    expect(root.textContent).toContain('epoch 1');
    expect(root.textContent).not.toContain('Waiting for more');
    unmount();
  });
  test('T65 markup in a log is shown, never interpreted', async () => {
    const { root, unmount } = mount(<LogView read={async () => ({ text: '<b id="evil">x</b>\n', nextOffset: 19, isEnded: true })} parts={[{ id: '0', label: 'rank 0' }]} />);
    await until(() => root.textContent?.includes('<b id="evil">') ?? false);
    expect(root.querySelector('#evil')).toBeNull();
    unmount();
  });
  test('a long log costs a few rows of the page', async () => {
    const text = Array.from({ length: 15_000 }, (_unused, line) => `line ${line}`).join('\n');
    const { root, unmount } = mount(<LogView read={async () => ({ text: `${text}\n`, nextOffset: text.length + 1, isEnded: true })} parts={[{ id: '0', label: 'rank 0' }]} />);
    await until(() => root.querySelectorAll('.jp-Strata-logLine').length > 0);
    expect(root.querySelectorAll('.jp-Strata-logLine').length).toBeLessThan(200);
    expect(root.textContent).toContain('15\u202f000 lines');
    unmount();
  });
  test('reading stops when the view goes away', async () => {
    let aborted: AbortSignal | undefined;
    const read = ({ signal }: LogRequest) => {
      aborted = signal;
      return new Promise<never>(() => undefined);
    };
    const { unmount } = mount(<LogView read={read} parts={[{ id: '0', label: 'rank 0' }]} />);
    await until(() => aborted !== undefined);
    unmount();
    expect(aborted?.aborted).toBe(true);
  });
});
