import type { RunState, RunSummary, RunTrigger, StepState } from '@stratalab/contracts/pipelines';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { StatusTone } from '@stratalab/lab-kit';

/** State of a run or a step as the status chip shows it. */
export function stateWords(state: RunState | StepState, texts: TranslationBundle): { readonly tone: StatusTone; readonly label: string } {
  switch (state) {
    case 'queued':
      return { tone: 'neutral', label: texts.__('Queued') };
    case 'waiting':
      return { tone: 'neutral', label: texts.__('Waiting') };
    case 'running':
      return { tone: 'busy', label: texts.__('Running') };
    case 'succeeded':
      return { tone: 'good', label: texts.__('Succeeded') };
    case 'failed':
      return { tone: 'bad', label: texts.__('Failed') };
    case 'skipped':
      return { tone: 'neutral', label: texts.__('Skipped') };
    case 'cancelled':
      return { tone: 'warn', label: texts.__('Cancelled') };
  }
}

export function triggerWords(trigger: RunTrigger, texts: TranslationBundle): string {
  switch (trigger) {
    case 'manual':
      return texts.__('by hand');
    case 'schedule':
      return texts.__('schedule');
    case 'rerun':
      return texts.__('run again');
    case 'sample':
      return texts.__('sample');
  }
}

export function isLiving(state: RunState): boolean {
  return state === 'queued' || state === 'running';
}

/** How long a run or step took (or takes so far); empty before it began. */
export function durationText(part: { readonly startedAt: string | null; readonly finishedAt: string | null }, nowMs: number): string {
  if (part.startedAt === null) return '';
  const seconds = Math.max(0, ((part.finishedAt === null ? nowMs : Date.parse(part.finishedAt)) - Date.parse(part.startedAt)) / 1000);
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)}\u202fs`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes}\u202fmin ${Math.round(seconds % 60)}\u202fs` : `${Math.floor(minutes / 60)}\u202fh ${minutes % 60}\u202fmin`;
}

/** A slot in words, in the zone of the schedule: "Monday, 30 November 2026 at 06:00 GMT-5". */
export function slotText(slot: string, timeZone: string, locale: string): string {
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' };
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(new Date(slot));
  } catch {
    // The zone is being typed.
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(slot));
  }
}

/** Why a run waits, or how far it is. */
export function runSentence(run: RunSummary, texts: TranslationBundle): string {
  if (run.waitReason !== null) return run.waitReason;
  if (run.state === 'succeeded') return '';
  return texts.__('%1 of %2 steps done', run.stepsDone, run.stepCount);
}
