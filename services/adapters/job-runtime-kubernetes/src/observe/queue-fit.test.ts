import { expect, test } from '@jest/globals';
import { assertQueueTakes } from './queue-fit.ts';

const open = { spec: { capability: { cpu: '4', memory: '8Gi' } }, status: { state: 'Open' } };
const refusal = (work: () => void): unknown => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
};

test('an open leaf that names every resource takes the job', () => {
  assertQueueTakes('a', open, [], ['cpu', 'memory']);
  assertQueueTakes('a', { status: { state: 'Open' } }, [], ['nvidia.com/gpu']);
});

test('a queue that would leave the job waiting without a word is refused', () => {
  expect(refusal(() => assertQueueTakes('a', undefined, [], []))).toMatchObject({ code: 'invalid-state' });
  expect(refusal(() => assertQueueTakes('a', { status: { state: 'Closed' } }, [], []))).toMatchObject({ code: 'invalid-state' });
  expect(refusal(() => assertQueueTakes('a', open, ['b'], []))).toMatchObject({ code: 'invalid-state' });
  expect(refusal(() => assertQueueTakes('a', open, [], ['nvidia.com/gpu']))).toMatchObject({ code: 'quota-exceeded', details: { resource: 'nvidia.com/gpu', limit: 0 } });
});
