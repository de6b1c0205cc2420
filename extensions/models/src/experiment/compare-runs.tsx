import type { Run } from '@stratalab/contracts/models';
import { EmptyState, LiveChart, ProblemNotice, useQuery, useTexts, useVisible } from '@stratalab/lab-kit';
import * as React from 'react';
import { useModels } from '../use-models';
import { metricWord } from '../words';
import { namesOf } from './run-columns';

/** Lines that can still be told apart. */
export const mostCompared = 20;
const pointsPerLine = 500;

/** Chosen runs beside each other: what differs in a table, every common metric as overlaid lines. */
export function CompareRuns({ tenant, runs }: { readonly tenant: string; readonly runs: readonly Run[] }): React.JSX.Element {
  const texts = useTexts();
  if (runs.length < 2) return <EmptyState text={texts.__('Choose two or more runs in the list to see them beside each other.')} />;
  const metrics = namesOf(runs, 'metrics');
  return (
    <div className="jp-Strata-panel">
      <Differences runs={runs} />
      <div className="jp-StrataModels-charts">
        {metrics.map(key => (
          <OverlaidMetric key={key} tenant={tenant} runs={runs} metric={key} />
        ))}
      </div>
    </div>
  );
}

/** Params with at least two values and every metric; rows where all runs agree are left out. */
function Differences({ runs }: { readonly runs: readonly Run[] }): React.JSX.Element {
  const texts = useTexts();
  const valueOf = (run: Run, key: string): string => run.params.find(param => param.key === key)?.value ?? '–';
  const params = namesOf(runs, 'params').filter(key => new Set(runs.map(run => valueOf(run, key))).size > 1);
  const metrics = namesOf(runs, 'metrics');
  return (
    <div className="jp-StrataModels-scroll" tabIndex={0}>
      <table className="jp-StrataModels-table jp-StrataModels-values" aria-label={texts.__('Differences')}>
        <thead>
          <tr>
            <th scope="col">{texts.__('Name')}</th>
            {runs.map(run => (
              <th key={run.id} scope="col">
                {run.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {params.map(key => (
            <tr key={`p ${key}`}>
              <th scope="row">{key}</th>
              {runs.map(run => (
                <td key={run.id}>{valueOf(run, key)}</td>
              ))}
            </tr>
          ))}
          {metrics.map(key => (
            <tr key={`m ${key}`}>
              <th scope="row">{key}</th>
              {runs.map(run => (
                <td key={run.id}>{metricWord(run.metrics.find(metric => metric.key === key)?.value ?? null)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {params.length === 0 && <p className="jp-Strata-caption">{texts.__('All their params are the same.')}</p>}
    </div>
  );
}

function OverlaidMetric({ tenant, runs, metric }: { readonly tenant: string; readonly runs: readonly Run[]; readonly metric: string }): React.JSX.Element {
  const texts = useTexts();
  const client = useModels();
  const box = React.useRef<HTMLDivElement>(null);
  const isVisible = useVisible(box);
  const [wasVisible, setWasVisible] = React.useState(false);
  React.useEffect(() => {
    if (isVisible) setWasVisible(true);
  }, [isVisible]);
  const having = runs.filter(run => run.metrics.some(({ key }) => key === metric));
  const histories = useQuery(
    `overlay ${metric} ${having.map(({ id }) => id).join(' ')}`,
    (_tenant, signal) => Promise.all(having.map(run => client.getMetricHistory({ params: { tenant, run: run.id }, query: { key: metric, points: pointsPerLine } }, { signal }))),
    { isEnabled: wasVisible, refreshOn: having.some(({ state }) => state === 'running') ? ['run.'] : [] }
  );
  const series = having.map((run, index) => ({
    label: run.name,
    points: (histories.data?.[index]?.points ?? []).flatMap(({ step, value }) => (value === null ? [] : [{ x: step, y: value }]))
  }));
  return (
    <div ref={box} className="jp-StrataModels-card">
      {histories.problem === undefined ? (
        <LiveChart title={metric} series={series} xLabel={texts.__('step')} />
      ) : (
        <ProblemNotice problem={histories.problem} onRetry={histories.reload} />
      )}
    </div>
  );
}
