import { TimeAgo, useQuery, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useControl } from '../page/use-control';

const lookedAt = 100;
const shown = 10;

/** Who was refused something because of a quota, the latest first; nothing when nobody was. */
export function Refusals({ tenant }: { readonly tenant: string }): React.JSX.Element | null {
  const texts = useTexts();
  const control = useControl();
  const { data } = useQuery(`refusals ${tenant}`, (_tenant, signal) => control.listAudit({ params: { tenant }, query: { decision: 'denied', limit: lookedAt } }, { signal }), {
    refreshOn: ['quota.']
  });
  const refusals = (data?.items ?? []).filter(({ reason }) => reason === 'quota-exceeded').slice(0, shown);
  if (refusals.length === 0) return null;
  return (
    <section aria-label={texts.__('Refused lately')}>
      <h3>{texts.__('Refused lately')}</h3>
      <ul className="jp-Strata-plainList">
        {refusals.map(entry => (
          <li key={entry.position} className="jp-Strata-row">
            <TimeAgo time={entry.time} />
            <span>{texts.__('%1 was refused %2: the quota did not allow it', entry.onBehalfOf ?? entry.subject, entry.action)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
