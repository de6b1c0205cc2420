import type { Amount, Pool } from '@stratalab/contracts/compute';
import { formatAmount, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { amountWords, sizeWords } from './amount-words';

type Texts = ReturnType<typeof useTexts>;

/** What there is, is used, is free and is of no use for the usual job; and the kinds of devices. */
export function PoolSums({ pool }: { readonly pool: Pool }): React.JSX.Element {
  const texts = useTexts();
  const rows: readonly (readonly [string, keyof Amount])[] = [
    [texts.__('Cores'), 'cpu'],
    [texts.__('Memory'), 'memoryMiB'],
    ...(pool.total.gpu + pool.closed.gpu > 0 ? ([[texts.__('GPUs'), 'gpu']] as const) : [])
  ];
  const columns: readonly (readonly [string, Amount, string])[] = [
    [texts.__('Total'), pool.total, texts.__('On machines that take jobs now')],
    [texts.__('Used'), pool.used, texts.__('Asked for by everything that is placed there, jobs or not')],
    [texts.__('Free'), pool.free, texts.__('Asked for by nobody')],
    [texts.__('Fragmented'), pool.fragmented, texts.__('Free, but on machines where not one usual process fits')],
    [texts.__('Out of service'), pool.closed, texts.__('On machines that take no jobs now')]
  ];
  return (
    <div className="jp-Strata-poolSums">
      <table className="jp-Strata-checks" aria-label={texts.__('Sums of the pool')}>
        <thead>
          <tr>
            <th scope="col" />
            {columns.map(([label, , title]) => (
              <th key={label} scope="col" title={title}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, resource]) => (
            <tr key={resource}>
              <th scope="row">{label}</th>
              {columns.map(([column, amount]) => (
                <td key={column}>{amountWords(amount, resource, texts)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div>
        <p>
          <strong>{gangWords(pool, texts)}</strong>
        </p>
        {pool.devices.length > 0 && (
          <ul className="jp-Strata-plainList" aria-label={texts.__('Kinds of devices')}>
            {pool.devices.map(({ resource, used, total }) => (
              <li key={resource}>
                <code>{resource}</code> {texts.__('%1 of %2 used', formatAmount(used), formatAmount(total))}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function gangWords({ largestGang, usualAsk }: Pool, texts: Texts): string {
  const each = sizeWords(usualAsk, texts);
  if (largestGang === 0) return texts.__('Not one process with %1 would start now.', each);
  return texts._n('The largest gang that would start now has %1 process with %2.', 'The largest gang that would start now has %1 processes with %2 each.', largestGang, each);
}
