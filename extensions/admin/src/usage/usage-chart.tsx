import type { UsageSum } from '@stratalab/contracts/control';
import { LiveChart, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { meterName } from '../page/names';
import { dailySeries, type DateRange } from './usage-data';

/** One meter over the days of the range. */
export function UsageChart({ sums, meter, range }: { readonly sums: readonly UsageSum[]; readonly meter: string; readonly range: DateRange }): React.JSX.Element {
  const texts = useTexts();
  const label = meterName(meter, texts);
  const series = React.useMemo(() => [dailySeries(sums, meter, range, label)], [sums, meter, range, label]);
  return <LiveChart title={label} series={series} xLabel={texts.__('Day')} isTime cursorKey="stratalab-usage" />;
}
