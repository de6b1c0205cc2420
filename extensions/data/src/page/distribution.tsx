import type { ColumnProfile } from '@stratalab/contracts/catalog';
import { formatAmount, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

const height = 48;
const gap = 0.08;
const shownValues = 5;

/** How the values of a column are spread: a histogram for numbers and times, the most frequent ones for texts. */
export function Distribution({ column }: { readonly column: ColumnProfile }): React.JSX.Element | null {
  if (column.histogram !== null && column.histogram.length > 0) return <Histogram bins={column.histogram} name={column.name} />;
  if (column.topValues !== null && column.topValues.length > 0) return <TopValues column={column} values={column.topValues} />;
  return null;
}

function Histogram({ bins, name }: { readonly bins: NonNullable<ColumnProfile['histogram']>; readonly name: string }): React.JSX.Element {
  const texts = useTexts();
  const highest = Math.max(1, ...bins.map(({ count }) => count));
  const first = bins[0];
  const last = bins.at(-1);
  return (
    <figure className="jp-Strata-histogram">
      <svg
        viewBox={`0 0 ${bins.length} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={texts.__('Histogram of %1 from %2 to %3', name, first?.from ?? '', last?.to ?? '')}
      >
        {bins.map(({ from, to, count }, index) => {
          // A bin with few rows still shows that it is not empty.
          const bar = count === 0 ? 0 : Math.max(1, (count / highest) * height);
          return (
            <rect key={from} x={index + gap / 2} y={height - bar} width={1 - gap} height={bar}>
              <title>{texts.__('%1 to %2: %3 rows', shortEdge(from), shortEdge(to), formatAmount(count))}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>
        <span>{shortEdge(first?.from ?? '')}</span>
        <span>{shortEdge(last?.to ?? '')}</span>
      </figcaption>
    </figure>
  );
}

/** A day without its midnight. */
export function shortEdge(edge: string): string {
  return edge
    .replace(/T00:00:00Z$/, '')
    .replace('T', ' ')
    .replace(/Z$/, '');
}

function TopValues({ column, values }: { readonly column: ColumnProfile; readonly values: NonNullable<ColumnProfile['topValues']> }): React.JSX.Element {
  const texts = useTexts();
  const shown = values.slice(0, shownValues);
  const highest = Math.max(1, ...shown.map(({ count }) => count));
  return (
    <ul className="jp-Strata-topValues" aria-label={texts.__('Most frequent values of %1', column.name)}>
      {shown.map(({ value, count }) => (
        <li key={value} title={`${value}: ${formatAmount(count)}`}>
          <span className="jp-Strata-topBar" style={{ width: `${(100 * count) / highest}%` }} aria-hidden="true" />
          <span className="jp-Strata-topText">{value === '' ? texts.__('(empty)') : value}</span>
          <span className="jp-Strata-caption">{formatAmount(count)}</span>
        </li>
      ))}
    </ul>
  );
}
