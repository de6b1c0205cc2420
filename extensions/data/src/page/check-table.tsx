import type { TranslationBundle } from '@jupyterlab/translation';
import type { CheckResult, ContractCheck, ContractRun } from '@stratalab/contracts/catalog';
import { EmptyState, formatAmount, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

/** Each check with its newest result and a strip of those before, oldest on the left. */
export function CheckTable({ checks, runs }: { readonly checks: readonly ContractCheck[]; readonly runs: readonly ContractRun[] }): React.JSX.Element {
  const texts = useTexts();
  if (checks.length === 0) return <EmptyState text={texts.__('The contract has no checks.')} />;
  return (
    <table className="jp-Strata-checks">
      <thead>
        <tr>
          <th scope="col">{texts.__('Check')}</th>
          <th scope="col">{texts.__('Result')}</th>
          <th scope="col">{texts.__('Last %1', runs.length)}</th>
        </tr>
      </thead>
      <tbody>
        {checks.map(check => {
          const results = runs.map(run => ({ run, result: run.results.find(result => result.id === check.id && result.rule === check.rule) }));
          return (
            <tr key={check.id}>
              <td>
                {check.rule}
                {check.severity === 'warning' && <span className="jp-Strata-dataMark">{texts.__('warning')}</span>}
              </td>
              <td>
                <Outcome result={results[0]?.result} />
              </td>
              <td>
                <span className="jp-Strata-strip">
                  {[...results].reverse().map(({ run, result }) => (
                    <span
                      key={run.id}
                      className={`jp-mod-${result?.state ?? 'none'}`}
                      role="img"
                      aria-label={texts.__('version %1: %2', run.version, wordOf(result, texts))}
                      title={texts.__('version %1: %2', run.version, wordOf(result, texts))}
                    />
                  ))}
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Outcome({ result }: { readonly result: CheckResult | undefined }): React.JSX.Element {
  const texts = useTexts();
  if (result === undefined) return <span className="jp-Strata-caption">{texts.__('not checked yet')}</span>;
  const tone = result.state === 'passed' ? 'good' : result.severity === 'warning' ? 'warn' : 'bad';
  return (
    <>
      <span className={`jp-Strata-chip jp-mod-${tone}`}>{wordOf(result, texts)}</span>
      {result.actual !== null && <span className="jp-Strata-caption"> {texts.__('found %1', formatAmount(result.actual))}</span>}
      {result.message !== null && <span className="jp-Strata-caption"> {result.message}</span>}
    </>
  );
}

function wordOf(result: CheckResult | undefined, texts: TranslationBundle): string {
  switch (result?.state) {
    case 'passed':
      return texts.__('kept');
    case 'failed':
      return texts.__('broken');
    case 'error':
      return texts.__('could not be computed');
    case undefined:
      return texts.__('not checked');
  }
}
