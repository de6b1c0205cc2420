import { usageGroupings, type UsageGrouping } from '@stratalab/contracts/control';
import { EmptyState, QueryNotice, useQuery, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { meterName } from '../page/names';
import { useControl } from '../page/use-control';
import { UsageChart } from './usage-chart';
import { lastDays, metersIn } from './usage-data';
import { UsageTable } from './usage-table';

const periods = [7, 30, 90] as const;

/** What a tenant used: a chart per day, and sums by day, person or object. */
export function UsageTab({ tenant }: { readonly tenant: string }): React.JSX.Element {
  const texts = useTexts();
  const control = useControl();
  const [days, setDays] = React.useState<number>(periods[1]);
  const [by, setBy] = React.useState<UsageGrouping>('subject');
  const [chosenMeter, setMeter] = React.useState('');
  const range = React.useMemo(() => lastDays(days, Date.now()), [days]);
  const daily = useQuery(`usage ${tenant} ${days}`, (_tenant, signal) => control.summarizeUsage({ params: { tenant }, query: { by: 'day', ...range } }, { signal }));
  if (daily.data === undefined) return <QueryNotice query={daily} />;
  const sums = daily.data.items;
  const meters = metersIn(sums);
  const meter = meters.includes(chosenMeter) ? chosenMeter : (meters[0] ?? '');
  const groupings: Readonly<Record<UsageGrouping, string>> = { day: texts.__('Day'), subject: texts.__('Person'), object: texts.__('Object') };
  return (
    <div className="jp-Strata-adminTab">
      <div className="jp-Strata-row">
        <label className="jp-Strata-row">
          {texts.__('Period')}
          <select className="jp-mod-styled" value={days} onChange={event => setDays(Number(event.target.value))}>
            {periods.map(period => (
              <option key={period} value={period}>
                {texts.__('Last %1 days', String(period))}
              </option>
            ))}
          </select>
        </label>
        {meters.length > 0 && (
          <label className="jp-Strata-row">
            {texts.__('Chart')}
            <select className="jp-mod-styled" value={meter} onChange={event => setMeter(event.target.value)}>
              {meters.map(name => (
                <option key={name} value={name}>
                  {meterName(name, texts)}
                </option>
              ))}
            </select>
          </label>
        )}
        <label className="jp-Strata-row">
          {texts.__('Sums by')}
          <select className="jp-mod-styled" value={by} onChange={event => setBy(usageGroupings.find(known => known === event.target.value) ?? by)}>
            {usageGroupings.map(grouping => (
              <option key={grouping} value={grouping}>
                {groupings[grouping]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {sums.length === 0 ? (
        <EmptyState text={texts.__('Nothing was used in this period. Jobs, endpoints and stored data appear here as they are used.')} />
      ) : (
        <>
          <UsageChart sums={sums} meter={meter} range={range} />
          <UsageTable tenant={tenant} by={by} range={range} heading={groupings[by]} />
        </>
      )}
    </div>
  );
}
