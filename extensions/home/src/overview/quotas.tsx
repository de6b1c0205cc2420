import { Meter, QueryNotice, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { resourceName } from './resource-names';
import { useQuotas } from './use-quotas';

/** Every quota of the chosen tenant as a meter. */
export function Quotas(): React.JSX.Element {
  const texts = useTexts();
  const quotas = useQuotas();
  if (quotas.data === undefined) return <QueryNotice query={quotas} />;
  return (
    <div data-testid="stratalab-quotas">
      <QueryNotice query={quotas} />
      {quotas.data.items.map(({ resource, ...amounts }) => (
        <Meter key={resource} label={resourceName(resource, texts)} {...amounts} />
      ))}
    </div>
  );
}
