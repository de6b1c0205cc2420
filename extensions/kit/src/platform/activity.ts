import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';
import { Signal, type ISignal } from '@lumino/signaling';

/** Something of the user's that runs now and is worth a number in the status bar. */
export interface ActivitySource {
  readonly id: string;
  /** The number with its noun: "2 jobs". */
  readonly label: (count: number) => string;
  readonly count: (tenant: string, signal: AbortSignal) => Promise<number>;
  /** Event-name prefixes after which the number is asked for again. */
  readonly refreshOn: readonly string[];
  /** Command of a click. */
  readonly command: string;
}

/** Numbers that features contribute to the status bar. */
export interface IStratalabActivity {
  add(source: ActivitySource): IDisposable;
  readonly sources: readonly ActivitySource[];
  readonly changed: ISignal<IStratalabActivity, void>;
}

export const IStratalabActivity = new Token<IStratalabActivity>('@stratalab/lab-kit:IStratalabActivity', 'What runs now, as numbers in the status bar.');

export function createActivity(): IStratalabActivity {
  const sources = new Map<string, ActivitySource>();
  const activity: IStratalabActivity = {
    add(source) {
      sources.set(source.id, source);
      changed.emit();
      return new DisposableDelegate(() => {
        sources.delete(source.id);
        changed.emit();
      });
    },
    get sources() {
      return [...sources.values()];
    },
    get changed() {
      return changed;
    }
  };
  const changed = new Signal<IStratalabActivity, void>(activity);
  return activity;
}
