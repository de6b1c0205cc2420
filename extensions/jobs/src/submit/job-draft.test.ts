import { nullTranslator } from '@jupyterlab/translation';
import type { JobInput } from '@stratalab/contracts/compute';
import { draftOf, emptyDraft, inputOf, problemsOf } from './job-draft';

const texts = nullTranslator.load('stratalab');

describe('the form of a job', () => {
  test('what was submitted once can be submitted again from the form, unchanged', () => {
    const input: JobInput = {
      name: 'train',
      code: { kind: 'script', text: 'print(1)', fileName: 'train.py' },
      launcher: 'torchrun',
      processes: 2,
      resourcesPerProcess: { cpu: 0.5, memoryMiB: 512, gpu: 1 },
      gpuKind: 'h200',
      datasets: [{ name: 'flights' }, { name: 'planes', version: '2' }],
      outputs: [{ name: 'model', kind: 'model', as: 'delay' }],
      arguments: ['--epochs', '3'],
      environment: { MODE: 'a=b' },
      retries: 2,
      deadlineSeconds: 90,
      priority: 3,
      experiment: 'delays'
    };
    expect(inputOf(draftOf(input))).toEqual(input);
  });

  test('a kind of GPU is not sent without a GPU', () => {
    expect(inputOf({ ...emptyDraft, gpuKind: 'h200' })).not.toHaveProperty('gpuKind');
  });

  test('the empty form can be sent', () => {
    expect(problemsOf(emptyDraft, texts).size).toBe(0);
  });

  test.each([
    [{ name: 'two words' }, 'name'],
    [{ code: ' \n' }, 'code'],
    [{ processes: Number.NaN }, 'processes'],
    [{ cpu: 0 }, 'cpu'],
    [{ memoryMiB: 10 }, 'memoryMiB'],
    [{ gpu: 0.5 }, 'gpu'],
    [{ datasets: [{ name: '../x', version: '' }] }, 'datasets'],
    [{ outputs: [{ name: 'Model', kind: 'model' as const, as: 'x' }] }, 'outputs'],
    [
      {
        outputs: [
          { name: 'a', kind: 'model' as const, as: 'x' },
          { name: 'a', kind: 'dataset' as const, as: 'y' }
        ]
      },
      'outputs'
    ],
    [{ environment: 'no equals' }, 'environment'],
    [{ deadlineMinutes: 'soon' }, 'deadlineMinutes']
  ])('%j has a problem at %s', (change, field) => {
    expect([...problemsOf({ ...emptyDraft, ...change }, texts).keys()]).toEqual([field]);
  });
});
