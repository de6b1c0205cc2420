import { useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { slotText } from '../run-words';
import type { ScheduleDraft } from './document-edit';

export interface ScheduleFormProps {
  readonly schedule: ScheduleDraft | undefined;
  /** Next times as the service counts them; empty while the schedule is not valid. */
  readonly nextRuns: readonly string[];
  readonly problem: string | undefined;
  readonly onChange: (schedule: ScheduleDraft | undefined) => void;
}

const firstSchedule = '0 6 * * *';

/** When a pipeline runs by itself: five fields, a time zone, and the next times in words. */
export function ScheduleForm({ schedule, nextRuns, problem, onChange }: ScheduleFormProps): React.JSX.Element {
  const texts = useTexts();
  const { translator } = useSuite();
  const locale = translator.languageCode.replace('_', '-');
  const zones = React.useMemo(() => ['UTC', ...Intl.supportedValuesOf('timeZone')], []);
  const list = React.useId();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className="jp-Strata-schedule">
      <label className="jp-Strata-toggle">
        <input type="checkbox" checked={schedule !== undefined} onChange={event => onChange(event.target.checked ? { cron: firstSchedule, timeZone: here || 'UTC' } : undefined)} />
        {texts.__('Run by itself on a schedule')}
      </label>
      {schedule !== undefined && (
        <>
          <div className="jp-Strata-row">
            <label>
              {texts.__('Minute, hour, day, month, weekday')}
              <input
                className="jp-mod-styled jp-Strata-mono"
                value={schedule.cron}
                spellCheck={false}
                aria-invalid={problem !== undefined}
                onChange={event => onChange({ ...schedule, cron: event.target.value })}
              />
            </label>
            <label>
              {texts.__('Time zone')}
              <input
                className="jp-mod-styled"
                list={list}
                value={schedule.timeZone}
                spellCheck={false}
                onChange={event => onChange({ ...schedule, timeZone: event.target.value })}
              />
            </label>
            <datalist id={list}>
              {zones.map(zone => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </div>
          {problem !== undefined && (
            <p className="jp-Strata-bad" role="alert">
              {problem}
            </p>
          )}
          {nextRuns.length > 0 && (
            <>
              <p className="jp-Strata-caption">{texts.__('Runs next')}</p>
              <ol className="jp-Strata-plainList">
                {nextRuns.map(slot => (
                  <li key={slot}>{slotText(slot, schedule.timeZone, locale)}</li>
                ))}
              </ol>
            </>
          )}
        </>
      )}
    </div>
  );
}
