import type { TranslationBundle } from '@jupyterlab/translation';
import type { ModelFormat, Origin, RunState } from '@stratalab/contracts/models';
import { formatAmount, type StatusTone } from '@stratalab/lab-kit';

export function stateWord(state: RunState, texts: TranslationBundle): string {
  const words: Readonly<Record<RunState, string>> = {
    running: texts.__('Running'),
    scheduled: texts.__('Scheduled'),
    finished: texts.__('Finished'),
    failed: texts.__('Failed'),
    killed: texts.__('Stopped')
  };
  return words[state];
}

export function stateTone(state: RunState): StatusTone {
  const tones: Readonly<Record<RunState, StatusTone>> = { running: 'busy', scheduled: 'neutral', finished: 'good', failed: 'bad', killed: 'warn' };
  return tones[state];
}

export function formatWord(format: ModelFormat, texts: TranslationBundle): string {
  const words: Readonly<Record<ModelFormat, string>> = {
    gguf: 'GGUF',
    'mlflow-sklearn': 'scikit-learn',
    'mlflow-pyfunc': texts.__('Python function'),
    onnx: 'ONNX',
    safetensors: 'safetensors',
    other: texts.__('Other files')
  };
  return words[format];
}

/** One phrase: where it came from. */
export function originWord(origin: Origin, texts: TranslationBundle): string {
  switch (origin.kind) {
    case 'job':
      return origin.jobName === null ? texts.__('a job') : texts.__('job %1', origin.jobName);
    case 'workspace':
      return texts.__('a workspace');
    case 'program':
      return texts.__('a program with an access key');
    case 'upload':
      return texts.__('an upload');
    case 'sample':
      return texts.__('the sample data');
  }
}

const smallest = 1e-3;
const largest = 1e7;

/** A metric for people: four significant digits, powers of ten for the very small and very large; a dash for what is no number. */
export function metricWord(value: number | null): string {
  if (value === null) return '–';
  if (Math.abs(value) >= Number.MAX_VALUE) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (value !== 0 && (size < smallest || size >= largest)) return value.toExponential(3);
  return Number.isInteger(value) ? formatAmount(value) : String(Number(value.toPrecision(4)));
}
