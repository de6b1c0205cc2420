import type { TranslationBundle } from '@jupyterlab/translation';
import type { ColumnProfile, Profile } from '@stratalab/contracts/catalog';
import { EmptyState, formatAmount, QueryNotice, TimeAgo, useTexts, type QueryState } from '@stratalab/lab-kit';
import * as React from 'react';
import { Distribution } from './distribution';

/** Statistics of every column: how much is missing, how it is spread, what is frequent. */
export function ProfileTab({ profile }: { readonly profile: QueryState<Profile> }): React.JSX.Element {
  const texts = useTexts();
  const [search, setSearch] = React.useState('');
  if (profile.data === undefined) return <QueryNotice query={profile} />;
  const { state, message, columns, computedAt } = profile.data;
  if (state === 'pending') return <EmptyState text={texts.__('The profile is being computed; it appears here by itself.')} />;
  if (state === 'failed') return <EmptyState text={texts.__('The profile could not be computed: %1', message ?? '')} />;
  const wanted = search.trim().toLowerCase();
  const shown = columns.filter(column => column.name.toLowerCase().includes(wanted));
  return (
    <div className="jp-Strata-stack">
      <QueryNotice query={profile} />
      <div className="jp-Strata-row">
        <input
          className="jp-mod-styled"
          type="search"
          value={search}
          placeholder={texts.__('Filter columns')}
          aria-label={texts.__('Filter columns')}
          onChange={event => setSearch(event.target.value)}
        />
        <span className="jp-Strata-chip">{basisText(profile.data, texts)}</span>
        {computedAt !== null && <TimeAgo time={computedAt} />}
      </div>
      {shown.length === 0 ? (
        <EmptyState text={texts.__('No column matches.')} />
      ) : (
        <ul className="jp-Strata-profiles">
          {shown.map(column => (
            <ProfileCard key={column.name} column={column} />
          ))}
        </ul>
      )}
    </div>
  );
}

function basisText({ basis, sampledRows, rowCount }: Profile, texts: TranslationBundle): string {
  if (basis === 'sample') return texts.__('from a sample of %1 of %2 rows', formatAmount(sampledRows ?? 0), formatAmount(rowCount ?? 0));
  return texts.__('exact, all %1 rows', formatAmount(rowCount ?? 0));
}

function ProfileCard({ column }: { readonly column: ColumnProfile }): React.JSX.Element {
  const texts = useTexts();
  const share = column.count === 0 ? 0 : (100 * column.nullCount) / column.count;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [texts.__('distinct'), column.distinctCount === null ? undefined : formatAmount(column.distinctCount)],
    [texts.__('min'), column.min ?? undefined],
    [texts.__('mean'), column.mean === null ? undefined : formatAmount(column.mean)],
    [texts.__('max'), column.max ?? undefined],
    [texts.__('deviation'), column.deviation === null ? undefined : formatAmount(column.deviation)]
  ];
  return (
    <li className="jp-Strata-profile">
      <div className="jp-Strata-row">
        <strong title={column.name}>{column.name}</strong>
        <span className="jp-Strata-spring" />
        <span className="jp-Strata-caption">{column.type}</span>
      </div>
      <div className="jp-Strata-nullBar" role="img" aria-label={texts.__('%1 % null', formatAmount(share))}>
        <span style={{ width: `${100 - share}%` }} />
      </div>
      <span className="jp-Strata-caption">{column.nullCount === 0 ? texts.__('no nulls') : texts.__('%1 % null (%2)', formatAmount(share), formatAmount(column.nullCount))}</span>
      <Distribution column={column} />
      <dl className={column.kind === 'time' ? 'jp-mod-wide' : undefined}>
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd title={value}>{value}</dd>
            </div>
          )
        )}
      </dl>
    </li>
  );
}
