import type { TranslationBundle } from '@jupyterlab/translation';
import type { DeploymentState, EndpointKind, ReplicaPhase } from '@stratalab/contracts/serving';
import type { StatusTone } from '@stratalab/lab-kit';

const tones: Readonly<Record<DeploymentState, StatusTone>> = { starting: 'busy', ready: 'good', degraded: 'warn', stopping: 'busy', stopped: 'neutral', failed: 'bad' };

export function toneOf(state: DeploymentState): StatusTone {
  return tones[state];
}

/** The state in a word. */
export function stateWord(state: DeploymentState, texts: TranslationBundle): string {
  const words: Readonly<Record<DeploymentState, string>> = {
    starting: texts.__('Starting'),
    ready: texts.__('Ready'),
    degraded: texts.__('Degraded'),
    stopping: texts.__('Stopping'),
    stopped: texts.__('Stopped'),
    failed: texts.__('Failed')
  };
  return words[state];
}

export function phaseWord(phase: ReplicaPhase, texts: TranslationBundle): string {
  const words: Readonly<Record<ReplicaPhase, string>> = {
    pending: texts.__('Waiting to start'),
    launching: texts.__('Launching'),
    loading: texts.__('Loading the model'),
    'warming-up': texts.__('First answer'),
    ready: texts.__('Answers'),
    draining: texts.__('Finishing calls'),
    stopped: texts.__('Stopped'),
    crashed: texts.__('Ended')
  };
  return words[phase];
}

export function kindWord(kind: EndpointKind, texts: TranslationBundle): string {
  const words: Readonly<Record<EndpointKind, string>> = { chat: texts.__('Language model'), predict: texts.__('Python model'), embeddings: texts.__('Embeddings') };
  return words[kind];
}
