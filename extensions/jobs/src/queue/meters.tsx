import type { Queue } from '@stratalab/contracts/compute';
import { Meter, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

/** What the tenant uses of its limits, and what all tenants together use of the pool. */
export function UseMeters({ queue }: { readonly queue: Queue }): React.JSX.Element {
  const texts = useTexts();
  const { use, limits, total, free } = queue;
  const hasGpus = total.gpu > 0;
  return (
    <div className="jp-StrataJobs-use">
      <section aria-label={texts.__('This tenant')}>
        <h3>{texts.__('This tenant')}</h3>
        <Meter label={texts.__('Jobs')} unit="jobs" used={use.jobs} reserved={0} limit={limits.jobs} />
        <Meter label={texts.__('Cores')} unit="cores" used={use.cpu} reserved={0} limit={limits.cpu} />
        <Meter label={texts.__('Memory')} unit="MiB" used={use.memoryMiB} reserved={0} limit={limits.memoryMiB} />
        {hasGpus && <Meter label={texts.__('GPUs')} unit="GPUs" used={use.gpu} reserved={0} limit={limits.gpu} />}
        <p className="jp-Strata-caption">{shareWords(queue, texts)}</p>
      </section>
      <section aria-label={texts.__('All tenants')}>
        <h3>{texts.__('All tenants')}</h3>
        <Meter label={texts.__('Cores')} unit="cores" used={Math.max(0, total.cpu - free.cpu)} reserved={0} limit={total.cpu} />
        <Meter label={texts.__('Memory')} unit="MiB" used={Math.max(0, total.memoryMiB - free.memoryMiB)} reserved={0} limit={total.memoryMiB} />
        {hasGpus && <Meter label={texts.__('GPUs')} unit="GPUs" used={Math.max(0, total.gpu - free.gpu)} reserved={0} limit={total.gpu} />}
        <p className="jp-Strata-caption">{othersWords(queue, texts)}</p>
      </section>
    </div>
  );
}

type Texts = ReturnType<typeof useTexts>;

/** "It holds 25 % of the cores and 50 % of the GPUs there are." */
function shareWords({ use, total }: Queue, texts: Texts): string {
  const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 100));
  const cores = percent(use.cpu, total.cpu);
  if (total.gpu === 0) return texts.__('It holds %1 % of the cores there are.', cores);
  return texts.__('It holds %1 % of the cores and %2 % of the GPUs there are.', cores, percent(use.gpu, total.gpu));
}

function othersWords({ othersWaiting }: Queue, texts: Texts): string {
  if (othersWaiting === 0) return texts.__('No job of another tenant waits.');
  return texts._n('%1 job of another tenant waits.', '%1 jobs of other tenants wait.', othersWaiting);
}
