import type { Job } from '@stratalab/contracts/compute';
import { EmptyState, LiveChart, QueryNotice, useQuery, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useCompute } from '../use-compute';

/** One chart per metric, growing while the job runs; the cursor is shared. */
export function JobMetrics({ tenant, job }: { readonly tenant: string; readonly job: Job }): React.JSX.Element {
  const texts = useTexts();
  const compute = useCompute();
  const metrics = useQuery(`metrics ${job.id}`, (_tenant, signal) => compute.listJobMetrics({ params: { tenant, job: job.id } }, { signal }), { refreshOn: ['job.progress.'] });
  const charts = React.useMemo(
    () => (metrics.data?.items ?? []).map(({ name, points }) => ({ name, series: [{ label: name, points: points.map(({ step, value }) => ({ x: step, y: value })) }] })),
    [metrics.data]
  );
  if (metrics.data === undefined) return <QueryNotice query={metrics} />;
  if (charts.length === 0)
    return <EmptyState text={texts.__('No metrics yet. A job that prints lines like “epoch 3/10 loss=0.12”, or reports them itself, has its charts here.')} />;
  return (
    <div className="jp-StrataJobs-charts">
      <QueryNotice query={metrics} />
      {charts.map(({ name, series }) => (
        <LiveChart key={name} title={name} series={series} xLabel={texts.__('step')} cursorKey={`job-${job.id}`} />
      ))}
    </div>
  );
}
