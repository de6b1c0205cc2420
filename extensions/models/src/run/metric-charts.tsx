import type { MetricSummary } from '@stratalab/contracts/models';
import { EmptyState, LiveChart, ProblemNotice, useQuery, useTexts, useVisible } from '@stratalab/lab-kit';
import * as React from 'react';
import { useModels } from '../use-models';

const points = 1_000;

export interface MetricChartsProps {
  readonly tenant: string;
  readonly run: string;
  readonly metrics: readonly MetricSummary[];
  readonly isRunning: boolean;
}

/** One chart per metric; the history of a metric is asked for when its chart comes into view. */
export function MetricCharts({ tenant, run, metrics, isRunning }: MetricChartsProps): React.JSX.Element {
  const texts = useTexts();
  if (metrics.length === 0) return <EmptyState text={texts.__('This run logged no metrics.')} />;
  return (
    <div className="jp-StrataModels-charts">
      {metrics.map(({ key }) => (
        <MetricChart key={key} tenant={tenant} run={run} metric={key} isRunning={isRunning} />
      ))}
    </div>
  );
}

interface MetricChartProps {
  readonly tenant: string;
  readonly run: string;
  readonly metric: string;
  readonly isRunning: boolean;
}

function MetricChart({ tenant, run, metric, isRunning }: MetricChartProps): React.JSX.Element {
  const texts = useTexts();
  const client = useModels();
  const box = React.useRef<HTMLDivElement>(null);
  const isVisible = useVisible(box);
  const [wasVisible, setWasVisible] = React.useState(false);
  React.useEffect(() => {
    if (isVisible) setWasVisible(true);
  }, [isVisible]);
  const history = useQuery(`history ${run} ${metric}`, (_tenant, signal) => client.getMetricHistory({ params: { tenant, run }, query: { key: metric, points } }, { signal }), {
    isEnabled: wasVisible,
    refreshOn: isRunning && isVisible ? ['run.'] : []
  });
  const series = React.useMemo(
    () => [{ label: metric, points: (history.data?.points ?? []).flatMap(({ step, value }) => (value === null ? [] : [{ x: step, y: value }])) }],
    [metric, history.data]
  );
  return (
    <div ref={box} className="jp-StrataModels-card" aria-busy={history.data === undefined}>
      {history.problem === undefined ? (
        <LiveChart title={metric} series={series} xLabel={texts.__('step')} />
      ) : (
        <ProblemNotice problem={history.problem} onRetry={history.reload} />
      )}
    </div>
  );
}
