import { Meter, ProblemNotice, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { resourceName } from './resource-names';
import { useQuotas } from './use-quotas';

/** Every quota of the chosen tenant as a meter. */
export function Quotas(): React.JSX.Element {
  const texts = useTexts();
  const quotas = useQuotas();
  if (quotas.problem !== undefined) return <ProblemNotice problem={quotas.problem} onRetry={quotas.reload} />;
  if (quotas.data === undefined) return <div className="jp-Strata-skeleton" aria-busy="true" />;
  return (
    <div data-testid="stratalab-quotas">
      {quotas.data.items.map(({ resource, ...amounts }) => (
        <Meter key={resource} label={resourceName(resource, texts)} {...amounts} />
      ))}
    </div>
  );
}
