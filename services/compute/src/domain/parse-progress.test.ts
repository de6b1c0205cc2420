import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { finishedLines, parseProgressLine } from './parse-progress.ts';
import { estimate } from './progress.ts';

describe('what common loggers say', () => {
  test.each([
    [' 45%|████▌     | 45/100 [00:10<00:12,  4.50it/s]', { fraction: 0.45, message: '45/100', etaSeconds: 12 }],
    ['Training:  10%|█         | 1.2k/12k [1:00:00<9:00:00, 3.0s/it]', { fraction: 0.1, message: '1.2k/12k', etaSeconds: 32_400 }],
    ['  0%|          | 0/10 [00:00<?, ?it/s]', { fraction: 0, message: '0/10' }],
    ['Epoch 3:  50%|█████     | 50/100 [00:05<00:05, 9.9it/s, v_num=0, train_loss=0.125]', { fraction: 0.5, message: 'epoch 3, 50/100' }],
    ['Epoch 3/10', { fraction: 0.3, message: 'epoch 3/10' }],
    ['epoch: 7 of 10 loss=0.5', { fraction: 0.7, message: 'epoch 7/10' }],
    ['[step 5/20] lr: 1e-3', { fraction: 0.25, message: 'step 5/20' }],
    ['progress: 12.5 %', { fraction: 0.125 }],
    ['\u001b[32mEpoch 1/4\u001b[0m', { fraction: 0.25 }]
  ])('%s', (line, expected) => expect(parseProgressLine(line)).toMatchObject(expected));

  test.each([
    ['125/125 ━━━━ 1s 2ms/step - accuracy: 0.9012 - loss: 0.3123 - val_loss: 0.4', { accuracy: 0.9012, loss: 0.3123, val_loss: 0.4 }],
    ["{'loss': 0.5, 'learning_rate': 1e-05, 'epoch': 0.3}", { loss: 0.5, learning_rate: 1e-5 }],
    ['Epoch 3:  50%|█████     | 50/100 [00:05<00:05, v_num=0, train_loss=0.125]', { train_loss: 0.125 }],
    ['epoch 2/5 rmse=12.5 mae=7', { rmse: 12.5, mae: 7 }]
  ])('metrics of %s', (line, expected) => expect(Object.fromEntries((parseProgressLine(line)?.points ?? []).map(({ name, value }) => [name, value]))).toEqual(expected));

  test.each(['hello', 'batch 3/10', 'see http://x/loss:80/', 'page 12 of 3', 'loss of data: none', 'epoch 5/0', 'time=12:30:11', '2026-01-01 12:00:00 started'])(
    '%s says nothing',
    line => expect(parseProgressLine(line)).toBeUndefined()
  );

  test('T74 no line, however hostile, takes long or throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), line => void parseProgressLine(line)));
    const begin = performance.now();
    for (const hostile of ['9'.repeat(100_000), '%|'.repeat(50_000), 'loss='.repeat(20_000), `${' '.repeat(50_000)}%|`]) parseProgressLine(hostile);
    expect(performance.now() - begin).toBeLessThan(500);
  });
});

test('an unfinished line waits, and what was read is counted in bytes', () => {
  expect(finishedLines('a\rb\ncé')).toEqual({ lines: ['a', 'b'], restBytes: 3 });
  expect(finishedLines('abc')).toEqual({ lines: [], restBytes: 3 });
});

test('the rest takes as long as the part that is done did', () => {
  const startedAt = '2026-01-01T00:00:00Z';
  expect(estimate(0.25, { startedAt, now: new Date('2026-01-01T00:01:00Z') })).toBe(180);
  expect(estimate(0, { startedAt, now: new Date() })).toBeNull();
});
