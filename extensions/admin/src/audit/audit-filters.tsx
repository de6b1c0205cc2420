import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

export interface AuditFilter {
  /** What was done outside every tenant, instead of in this one. */
  readonly isInstallation: boolean;
  /** A whole action, or a prefix that ends in a dot. */
  readonly action?: string;
  readonly subject?: string;
  readonly decision?: 'allowed' | 'denied';
}

export interface AuditFiltersProps {
  readonly filter: AuditFilter;
  readonly onFilter: (filter: AuditFilter) => void;
  readonly isInstallationOffered: boolean;
}

const areas = ['tenant.', 'member.', 'quota.', 'access-key.', 'workspace.', 'dataset.', 'job.', 'model.', 'deployment.', 'collection.', 'pipeline.'] as const;

/** Filters by area or action, person and decision; typed ones hold when the field is left or Enter is pressed. */
export function AuditFilters({ filter, onFilter, isInstallationOffered }: AuditFiltersProps): React.JSX.Element {
  const texts = useTexts();
  const listId = React.useId();
  const { action: _action, subject: _subject, decision: _decision, ...place } = filter;
  const set = (change: Partial<Record<'action' | 'subject', string>>): void => {
    const next = { action: filter.action ?? '', subject: filter.subject ?? '', ...change };
    onFilter({
      ...place,
      ...(next.action === '' ? {} : { action: next.action }),
      ...(next.subject === '' ? {} : { subject: next.subject }),
      ...(filter.decision === undefined ? {} : { decision: filter.decision })
    });
  };
  const { decision: _old, ...undecided } = filter;
  return (
    <>
      {isInstallationOffered && (
        <select
          className="jp-mod-styled"
          aria-label={texts.__('Where')}
          value={filter.isInstallation ? 'installation' : 'tenant'}
          onChange={event => onFilter({ ...filter, isInstallation: event.target.value === 'installation' })}
        >
          <option value="tenant">{texts.__('In this tenant')}</option>
          <option value="installation">{texts.__('Outside every tenant')}</option>
        </select>
      )}
      <TypedFilter label={texts.__('Action')} value={filter.action ?? ''} onValue={action => set({ action })} list={listId} />
      <datalist id={listId}>
        {areas.map(area => (
          <option key={area} value={area} />
        ))}
      </datalist>
      <TypedFilter label={texts.__('Person or service')} value={filter.subject ?? ''} onValue={subject => set({ subject })} />
      <select
        className="jp-mod-styled"
        aria-label={texts.__('Decision')}
        value={filter.decision ?? ''}
        onChange={event => {
          const { value } = event.target;
          onFilter(value === 'allowed' || value === 'denied' ? { ...undecided, decision: value } : undecided);
        }}
      >
        <option value="">{texts.__('Every decision')}</option>
        <option value="allowed">{texts.__('Allowed')}</option>
        <option value="denied">{texts.__('Denied')}</option>
      </select>
    </>
  );
}

interface TypedFilterProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly list?: string;
}

function TypedFilter({ label, value, onValue, list }: TypedFilterProps): React.JSX.Element {
  const [text, setText] = React.useState(value);
  const settle = (): void => {
    if (text.trim() !== value) onValue(text.trim());
  };
  return (
    <input
      className="jp-mod-styled jp-Strata-filter"
      type="search"
      aria-label={label}
      placeholder={label}
      spellCheck={false}
      value={text}
      {...(list === undefined ? {} : { list })}
      onChange={event => {
        setText(event.target.value);
        if (event.target.value === '') onValue('');
      }}
      onBlur={settle}
      onKeyDown={event => event.key === 'Enter' && settle()}
    />
  );
}
