import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { useQuery } from '../hooks/use-query';
import { shellCommands } from '../platform/command-ids';
import { useSuite, useTexts } from '../platform/context';
import { QueryNotice } from './query-notice';

export interface LineageItem {
  readonly urn: string;
  readonly label: string;
  /** What it is and how it took part: "job", "dataset version 3". */
  readonly caption?: string;
}

export interface Lineage {
  readonly madeFrom: readonly LineageItem[];
  readonly usedBy: readonly LineageItem[];
}

export interface LineageStripProps {
  readonly urn: string;
  readonly name: string;
  readonly load: (urn: string, tenant: string, signal: AbortSignal) => Promise<Lineage>;
}

const shownAtFirst = 4;

/** Made from → this → used by; each neighbour opens its page. */
export function LineageStrip({ urn, name, load }: LineageStripProps): React.JSX.Element {
  const texts = useTexts();
  const lineage = useQuery(`lineage ${urn}`, (tenant, signal) => load(urn, tenant, signal), { refreshOn: ['lineage.'] });
  const notice = lineage.problem === undefined ? null : <QueryNotice query={lineage} />;
  if (notice !== null && lineage.data === undefined) return notice;
  return (
    <>
      {notice}
      <nav className="jp-Strata-lineage" aria-label={texts.__('Lineage')} aria-busy={lineage.data === undefined}>
        <Neighbours title={texts.__('Made from')} items={lineage.data?.madeFrom} />
        <span aria-hidden="true">→</span>
        <strong>{name}</strong>
        <span aria-hidden="true">→</span>
        <Neighbours title={texts.__('Used by')} items={lineage.data?.usedBy} />
      </nav>
    </>
  );
}

function Neighbours({ title, items }: { readonly title: string; readonly items: readonly LineageItem[] | undefined }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const [isWhole, setWhole] = React.useState(false);
  const shown = isWhole ? (items ?? []) : (items ?? []).slice(0, shownAtFirst);
  const hidden = (items?.length ?? 0) - shown.length;
  return (
    <div className="jp-Strata-neighbours">
      <span className="jp-Strata-caption">{title}</span>
      {items?.length === 0 && <span>{texts.__('nothing yet')}</span>}
      {shown.map(item => (
        <button key={item.urn} className="jp-Strata-link" title={item.caption ?? item.urn} onClick={() => void commands.execute(shellCommands.openObject, { urn: item.urn })}>
          {readable(item, texts)}
        </button>
      ))}
      {hidden > 0 && (
        <button className="jp-Strata-link" onClick={() => setWhole(true)}>
          {texts.__('%1 more', hidden)}
        </button>
      )}
    </div>
  );
}

/** Ids that the platform or MLflow issues; people know the object by its kind and the last letters. */
const idPattern = /^(?:[0-9a-z]{26}|[0-9a-f]{32})$/;

function readable({ urn, label }: LineageItem, texts: TranslationBundle): string {
  if (!idPattern.test(label)) return label;
  const end = label.slice(-5);
  const sentences: Readonly<Record<string, string>> = {
    job: texts.__('job …%1', end),
    run: texts.__('run …%1', end),
    answer: texts.__('answer …%1', end),
    document: texts.__('document …%1', end),
    'pipeline-run': texts.__('pipeline run …%1', end)
  };
  return sentences[urn.split(':')[3] ?? ''] ?? label;
}
