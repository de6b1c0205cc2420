import type { AuditEntry } from '@stratalab/contracts/control';
import { EmptyState, StatusChip, TimeAgo, usePages, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import * as React from 'react';
import { useControl } from '../page/use-control';
import { AuditFilters, type AuditFilter } from './audit-filters';
import { VerifyAudit } from './verify-audit';

const pageSize = 100;

/** Every change and every refusal: who, on whose behalf, what, when, and what was decided. */
export function AuditTab({ tenant, isInstallationOffered }: { readonly tenant: string; readonly isInstallationOffered: boolean }): React.JSX.Element {
  const texts = useTexts();
  const control = useControl();
  const [filter, setFilter] = React.useState<AuditFilter>({ isInstallation: false });
  const { isInstallation, action, subject, decision } = filter;
  const pages = usePages<AuditEntry>(`audit ${tenant} ${JSON.stringify(filter)}`, ({ cursor, signal }) => {
    const query = {
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
      ...(action === undefined ? {} : { action }),
      ...(subject === undefined ? {} : { subject }),
      ...(decision === undefined ? {} : { decision })
    };
    return isInstallation ? control.listInstallationAudit({ query }, { signal }) : control.listAudit({ params: { tenant }, query }, { signal });
  });
  return (
    <div className="jp-Strata-adminTab">
      <div className="jp-Strata-row">
        <AuditFilters filter={filter} onFilter={setFilter} isInstallationOffered={isInstallationOffered} />
        <span className="jp-Strata-spring" />
        {!isInstallation && <VerifyAudit tenant={tenant} />}
        <button className="jp-mod-styled" onClick={pages.reload}>
          {texts.__('Refresh')}
        </button>
      </div>
      <VirtualTable
        label={texts.__('Audit')}
        columns={useColumns()}
        pages={pages}
        rowKey={entry => String(entry.position)}
        empty={<EmptyState text={texts.__('Nothing fits these filters. Every change and every refusal is written here.')} />}
      />
    </div>
  );
}

function useColumns(): readonly Column<AuditEntry>[] {
  const texts = useTexts();
  const decision = ({ decision: decided, reason }: AuditEntry): string => (decided === 'allowed' ? texts.__('allowed') : texts.__('denied: %1', reason ?? ''));
  return [
    { id: 'time', label: texts.__('When'), width: 110, text: entry => entry.time, render: entry => <TimeAgo time={entry.time} /> },
    { id: 'subject', label: texts.__('Who'), width: 120, text: entry => (entry.onBehalfOf === null ? entry.subject : texts.__('%1 for %2', entry.subject, entry.onBehalfOf)) },
    { id: 'action', label: texts.__('What'), width: 130, text: entry => entry.action },
    { id: 'target', label: texts.__('On what'), width: 240, text: entry => entry.target },
    {
      id: 'decision',
      label: texts.__('Decision'),
      width: 140,
      text: decision,
      render: entry => <StatusChip tone={entry.decision === 'allowed' ? 'good' : 'bad'} label={decision(entry)} />
    },
    { id: 'via', label: texts.__('By way of'), width: 90, text: entry => entry.via, isHidden: true },
    { id: 'operation', label: texts.__('Operation'), width: 130, text: entry => entry.operation, isHidden: true },
    { id: 'request', label: texts.__('Request'), width: 200, text: entry => entry.requestId, isHidden: true },
    { id: 'position', label: texts.__('Position'), width: 80, text: entry => String(entry.position), isNumber: true, isHidden: true }
  ];
}
