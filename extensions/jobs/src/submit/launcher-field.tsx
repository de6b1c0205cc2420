import { useTexts } from '@stratalab/lab-kit';
import type { Launcher } from '@stratalab/contracts/compute';
import * as React from 'react';
import { launcherWord } from '../state-words';

/** In the order they are offered. */
const launchers: readonly Launcher[] = ['python', 'torchrun', 'mpi', 'ray'];

export interface LauncherFieldProps {
  readonly value: Launcher;
  readonly offered: readonly Launcher[];
  readonly onChange: (launcher: Launcher) => void;
}

/** How the processes are started; only what this installation has, and what is chosen already. */
export function LauncherField({ value, offered, onChange }: LauncherFieldProps): React.JSX.Element {
  const texts = useTexts();
  const hint = React.useId();
  return (
    <>
      <label className="jp-StrataJobs-field">
        <span>{texts.__('Started by')}</span>
        <select
          className="jp-mod-styled"
          value={value}
          aria-describedby={value === 'ray' ? hint : undefined}
          onChange={event => onChange(launchers.find(name => name === event.target.value) ?? 'python')}
        >
          {launchers
            .filter(name => offered.includes(name) || name === value)
            .map(name => (
              <option key={name} value={name}>
                {launcherWord(name, texts)}
              </option>
            ))}
        </select>
      </label>
      {value === 'ray' && (
        <p id={hint} className="jp-Strata-caption">
          {texts.__('ray.init() joins a cluster that the processes share.')}
        </p>
      )}
    </>
  );
}
