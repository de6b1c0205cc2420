import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runBounded, type Outcome, type ProcessLimits } from './run-bounded.ts';

const program = fileURLToPath(new URL('misbehave.test-program.ts', import.meta.url));
const roomy: ProcessLimits = { timeoutMs: 30_000, memoryMiB: 400, heapMiB: 200, outputBytes: 8 * 1024 * 1024 };

async function* nothing(): AsyncGenerator<Uint8Array> {}

const attempt = (argument: string, limits: Partial<ProcessLimits> = {}, signal?: AbortSignal): Promise<Outcome> =>
  runBounded({ program, argument, input: nothing(), limits: { ...roomy, ...limits }, ...(signal === undefined ? {} : { signal }) });

describe('T44 a process that reads a hostile document', () => {
  test.each([
    ['crash', { end: 'out-of-memory' }],
    ['leave', { end: 'crashed' }],
    ['allocate', { end: 'out-of-memory' }],
    ['shout', { end: 'too-much-output' }]
  ])('%s ends with a reason and takes nothing along', async (argument, expected) => {
    expect(await attempt(argument)).toEqual(expected);
  });

  test('a full heap is out of memory', async () => {
    expect(await attempt('fillHeap', { heapMiB: 32 })).toEqual({ end: 'out-of-memory' });
  });

  test('an endless loop is stopped by the clock, or by whoever waits', async () => {
    expect(await attempt('loop', { timeoutMs: 400 })).toEqual({ end: 'timed-out' });
    const stop = new AbortController();
    const running = attempt('loop', {}, stop.signal);
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  test.each(['read', 'write', 'start'])('may not %s anything', async argument => {
    expect(await attempt(argument)).toEqual({ end: 'finished', output: 'refused: ERR_ACCESS_DENIED' });
    expect(existsSync('/tmp/strata-parser-was-here')).toBe(false);
  });

  test('T71 gets no environment', async () => {
    expect(await attempt('environment')).toEqual({ end: 'finished', output: '{}' });
  });

  test('a source that fails is told to the caller as it is', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw new Error('the disk is gone');
    }
    await expect(runBounded({ program, argument: 'loop', input: broken(), limits: roomy })).rejects.toThrow('the disk is gone');
  });
});
