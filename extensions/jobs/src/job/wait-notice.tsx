import type { Job } from '@stratalab/contracts/compute';
import { useQuery, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { SmallerAskButton } from '../queue/smaller-ask-button';
import { useCompute } from '../use-compute';

/** Who is before a job that waits, and what would let it start now. */
export function WaitNotice({ tenant, job }: { readonly tenant: string; readonly job: Job }): React.JSX.Element | null {
  const texts = useTexts();
  const compute = useCompute();
  const { id } = job;
  const answer = useQuery(`why ${id}`, (_tenant, signal) => compute.explainJob({ params: { tenant, job: id } }, { signal }), { refreshOn: ['job.changed.', 'quota.'] });
  const { data } = answer;
  if (data === undefined || data.place === null) return null;
  const others = data.ahead.filter(({ name }) => name === null).length;
  const own = data.ahead.flatMap(({ name }) => (name === null ? [] : [name]));
  return (
    <div className="jp-StrataJobs-wait" role="status">
      {data.wouldStartIf !== null && <p>{texts.__('It would start now if %1.', data.wouldStartIf)}</p>}
      {own.length > 0 && <p>{texts.__('Before it: %1', own.join(', '))}</p>}
      {others > 0 && <p>{texts._n('%1 job of another tenant is before it.', '%1 jobs of other tenants are before it.', others)}</p>}
      {data.smallerAsk !== null && <SmallerAskButton job={id} tenant={tenant} asked={job} smaller={data.smallerAsk} />}
    </div>
  );
}
