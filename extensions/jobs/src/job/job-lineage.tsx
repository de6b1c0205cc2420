import { formatUrn } from '@stratalab/contracts';
import type { Job } from '@stratalab/contracts/compute';
import { LineageStrip, type Lineage } from '@stratalab/lab-kit';
import * as React from 'react';

/** What the job reads and what it made; outputs that are not published yet stand there under the name they will have. */
export function JobLineage({ job }: { readonly job: Job }): React.JSX.Element {
  const lineage = lineageOf(job);
  const key = [...lineage.madeFrom, ...lineage.usedBy].map(({ urn }) => urn).join(' ');
  return <LineageStrip key={key} urn={job.urn} name={job.name} load={async () => lineage} />;
}

export function lineageOf(job: Pick<Job, 'urn' | 'inputs' | 'outputs'>): Lineage {
  const tenant = job.urn.split(':')[2] ?? '';
  return {
    madeFrom: job.inputs.map(({ urn, name, version }) => ({ urn, label: `${name} @${version}`, caption: `dataset ${name} @${version}` })),
    usedBy: job.outputs
      .filter(({ problem }) => problem === null)
      .map(({ kind, as, urn }) => {
        const version = urn?.split('@')[1];
        return { urn: urn ?? formatUrn({ tenant, kind, name: as }), label: version === undefined ? as : `${as} @${version}`, caption: `${kind} ${as}` };
      })
  };
}
