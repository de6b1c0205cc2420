import type { QueryAnswer } from '@stratalab/contracts/pipelines';
import { formatAmount, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

/** First rows of a query with the types of the columns; at most some hundred, so that they are simply there. */
export function RowsTable({ answer }: { readonly answer: QueryAnswer }): React.JSX.Element {
  const texts = useTexts();
  const numbers = answer.columns.map(({ type }) => /INT|DOUBLE|FLOAT|DECIMAL|NUMERIC/.test(type) && !type.includes('['));
  return (
    <div className="jp-Strata-rows">
      <p className="jp-Strata-caption" role="status">
        {answer.isTruncated ? texts.__('First %1 rows, in %2 s', formatAmount(answer.rowCount), (answer.durationMs / 1000).toFixed(1)) : rowsIn(answer, texts)}
        {' · '}
        {texts.__('nothing was kept')}
      </p>
      <div className="jp-Strata-rowsScroller" tabIndex={0} role="region" aria-label={texts.__('Rows')}>
        <table>
          <thead>
            <tr>
              {answer.columns.map(({ name, type }, index) => (
                <th key={index} className={numbers[index] === true ? 'jp-mod-number' : undefined}>
                  {name}
                  <span className="jp-Strata-caption">{type}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.rows.map((row, index) => (
              <tr key={index}>
                {row.map((value, column) => (
                  <td key={column} className={numbers[column] === true ? 'jp-mod-number' : undefined}>
                    {value === null ? <span className="jp-Strata-nothing">null</span> : textOf(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function rowsIn(answer: QueryAnswer, texts: ReturnType<typeof useTexts>): string {
  return texts._n('%2 row, in %3 s', '%2 rows, in %3 s', answer.rowCount, formatAmount(answer.rowCount), (answer.durationMs / 1000).toFixed(1));
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
