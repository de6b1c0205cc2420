import { ProblemNotice, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useAction } from './use-action';

export interface SmallFormProps {
  readonly label: string;
  /** What the button says, and what it says while the work is done. */
  readonly verb: string;
  readonly busyVerb: string;
  readonly isReady: boolean;
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly className?: string;
  readonly children: React.ReactNode;
}

/** A form that makes one thing: its fields, one button, a way out (also Escape), and the problem when it was refused; what was typed stays. */
export function SmallForm({ label, verb, busyVerb, isReady, onSubmit, onClose, className, children }: SmallFormProps): React.JSX.Element {
  const texts = useTexts();
  const { isBusy, problem, run } = useAction();
  return (
    <form
      className={`jp-Strata-adminForm ${className ?? ''}`}
      aria-label={label}
      onSubmit={event => {
        event.preventDefault();
        if (isReady) void run(onSubmit);
      }}
      onKeyDown={event => event.key === 'Escape' && onClose()}
    >
      {children}
      <div className="jp-Strata-row">
        <button className="jp-mod-styled jp-mod-accept" type="submit" disabled={!isReady || isBusy}>
          {isBusy ? busyVerb : verb}
        </button>
        <button className="jp-mod-styled" type="button" onClick={onClose}>
          {texts.__('Cancel')}
        </button>
      </div>
      {problem !== undefined && <ProblemNotice problem={problem} />}
    </form>
  );
}
