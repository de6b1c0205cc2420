import type { TranslationBundle } from '@jupyterlab/translation';
import type { AuditEntry } from '@stratalab/contracts/control';
import { TimeAgo, useQuery, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useControl } from '../page/use-control';

const lookedAt = 100;
const shown = 10;

/** What somebody asked for, by the area of the action: people do not know actions by their names. */
function askedFor({ action }: Pick<AuditEntry, 'action'>, texts: TranslationBundle): string {
  const names: Readonly<Record<string, string>> = {
    workspace: texts.__('a workspace'),
    job: texts.__('a job'),
    deployment: texts.__('a deployment'),
    dataset: texts.__('room for data'),
    quota: texts.__('more of a resource')
  };
  return names[action.split('.')[0] ?? ''] ?? action;
}

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
            <span>{texts.__('%1 asked for %2, and the quota did not allow it', entry.onBehalfOf ?? entry.subject, askedFor(entry, texts))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
