import { parseUrn } from '@stratalab/contracts';
import type { UsageGrouping, UsageSum } from '@stratalab/contracts/control';
import { EmptyState, formatAmount, usePages, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import * as React from 'react';
import { meterName } from '../page/names';
import { useControl } from '../page/use-control';
import type { DateRange } from './usage-data';

export interface UsageTableProps {
  readonly tenant: string;
  readonly by: UsageGrouping;
  readonly range: DateRange;
  readonly heading: string;
}

/** Sums of the range; the table copies them as CSV. */
export function UsageTable({ tenant, by, range, heading }: UsageTableProps): React.JSX.Element {
  const texts = useTexts();
  const control = useControl();
  const pages = usePages<UsageSum>(`usage ${tenant} ${by} ${range.from} ${range.to}`, async ({ signal }) => {
    const { items } = await control.summarizeUsage({ params: { tenant }, query: { by, ...range } }, { signal });
    return { items, nextCursor: null, total: items.length };
  });
  const columns: readonly Column<UsageSum>[] = [
    { id: 'key', label: heading, width: 220, text: sum => (by === 'object' ? objectName(sum.key) : sum.key) },
    { id: 'meter', label: texts.__('Meter'), width: 160, text: sum => meterName(sum.meter, texts) },
    { id: 'amount', label: texts.__('Amount'), width: 110, isNumber: true, text: sum => String(sum.amount), render: sum => formatAmount(sum.amount) }
  ];
  return (
    <VirtualTable
      label={texts.__('Sums of use')}
      columns={columns}
      pages={pages}
      rowKey={sum => `${sum.key} ${sum.meter}`}
      empty={<EmptyState text={texts.__('Nothing was used in this period.')} />}
    />
  );
}

/** `job 01h…` rather than the whole URN; the URN when it is none we can read. */
function objectName(text: string): string {
  const urn = parseUrn(text);
  return urn === undefined ? text : `${urn.kind} ${urn.name}${urn.version === undefined ? '' : `@${urn.version}`}`;
}
