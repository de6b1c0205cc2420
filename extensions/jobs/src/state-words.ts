import type { TranslationBundle } from '@jupyterlab/translation';
import type { JobState, JobSummary } from '@stratalab/contracts/compute';
import type { StatusTone } from '@stratalab/lab-kit';

const tones: Readonly<Record<JobState, StatusTone>> = { queued: 'warn', starting: 'busy', running: 'busy', succeeded: 'good', failed: 'bad', cancelled: 'neutral' };

/** It was handed to a cluster that has no room for it yet: for people it waits. */
const isHeld = ({ state, waitReason }: Pick<JobSummary, 'state' | 'waitReason'>): boolean => state === 'starting' && waitReason !== null;

export function toneOf(job: Pick<JobSummary, 'state' | 'waitReason'>): StatusTone {
  return tones[isHeld(job) ? 'queued' : job.state];
}

/** State of a job in one or two words. */
export function stateWord(job: Pick<JobSummary, 'state' | 'isCancelling' | 'waitReason'>, texts: TranslationBundle): string {
  if (job.isCancelling) return texts.__('Stopping');
  if (isHeld(job)) return texts.__('Waiting');
  switch (job.state) {
    case 'queued':
      return texts.__('Waiting');
    case 'starting':
      return texts.__('Starting');
    case 'running':
      return texts.__('Running');
    case 'succeeded':
      return texts.__('Succeeded');
    case 'failed':
      return texts.__('Failed');
    case 'cancelled':
      return texts.__('Cancelled');
  }
}

export function isOver({ state }: Pick<JobSummary, 'state'>): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

/** Why it waits, how far it is or why it ended: the sentence beside the state. */
export function stateSentence(
  job: Pick<JobSummary, 'state' | 'isCancelling' | 'waitReason' | 'place' | 'reason' | 'attempt' | 'progress' | 'launcher'>,
  texts: TranslationBundle
): string | undefined {
  if (job.state === 'queued' || isHeld(job)) return job.place === null ? (job.waitReason ?? undefined) : texts.__('%1 Place %2 in the queue.', job.waitReason ?? '', job.place);
  if (job.state === 'failed' || job.state === 'cancelled') return job.reason ?? undefined;
  if (job.isCancelling) return texts.__('It was asked to end and is killed if it does not.');
  // A cluster of its own takes a while; nothing else would be said until it is there.
  if (job.state === 'starting' && job.launcher === 'ray') return texts.__('Ray is preparing a place for each process.');
  if (job.state === 'running' && job.attempt > 1) return texts.__('Attempt %1.', job.attempt);
  return undefined;
}

const minuteSeconds = 60;
const hourSeconds = 3600;

/** "42 s", "3 min 5 s", "2 h 10 min". */
export function durationWords(seconds: number, texts: TranslationBundle): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < minuteSeconds) return texts.__('%1 s', whole);
  if (whole < hourSeconds) return texts.__('%1 min %2 s', Math.floor(whole / minuteSeconds), whole % minuteSeconds);
  return texts.__('%1 h %2 min', Math.floor(whole / hourSeconds), Math.floor((whole % hourSeconds) / minuteSeconds));
}

/** How the processes of a job are started, in words. */
export function launcherWord(launcher: JobSummary['launcher'], texts: TranslationBundle): string {
  switch (launcher) {
    case 'python':
      return texts.__('Python');
    case 'torchrun':
      return texts.__('PyTorch (torchrun)');
    case 'mpi':
      return texts.__('MPI (mpirun)');
    case 'ray':
      return texts.__('Ray');
  }
}
