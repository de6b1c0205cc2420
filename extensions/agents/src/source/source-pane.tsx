import { formatUrn } from '@stratalab/contracts';
import type { Span } from '@stratalab/contracts/agents';
import { QueryNotice, shellCommands, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useAgents } from '../use-agents';

export interface ShownSource {
  readonly documentId: string;
  readonly span: Span;
}

interface SourcePaneProps {
  readonly params: { readonly tenant: string; readonly collection: string };
  readonly source: ShownSource;
  readonly onClose: () => void;
}

const charactersBefore = 1_500;
const charactersShown = 6_000;

/** The part of a document around a span, with the span highlighted and in view. */
export function SourcePane({ params, source, onClose }: SourcePaneProps): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const agents = useAgents();
  const from = Math.max(0, source.span.from - charactersBefore);
  const limit = Math.max(charactersShown, source.span.to - from + charactersBefore);
  const found = useQuery(`source ${source.documentId} ${from} ${limit}`, (_chosen, signal) =>
    agents.getDocumentText({ params: { ...params, document: source.documentId }, query: { from, limit } }, { signal })
  );
  const mark = React.useRef<HTMLElement>(null);
  React.useEffect(() => {
    // Some browsers answer a promise, which must not become the effect's clean-up.
    void mark.current?.scrollIntoView({ block: 'center' });
  }, [found.data, source.span.from]);
  const open = (): void => void commands.execute(shellCommands.openObject, { urn: formatUrn({ tenant: params.tenant, kind: 'document', name: source.documentId }) });
  return (
    <aside className="jp-Strata-source" aria-label={texts.__('Source')} data-testid="stratalab-source" onKeyDown={event => event.key === 'Escape' && onClose()}>
      <div className="jp-Strata-row">
        <strong>{found.data?.name ?? ''}</strong>
        <span className="jp-Strata-spring" />
        <button className="jp-Strata-link" onClick={open}>
          {texts.__('Open document')}
        </button>
        <button className="jp-Strata-quiet" aria-label={texts.__('Close')} onClick={onClose}>
          ✕
        </button>
      </div>
      <QueryNotice query={found} />
      {found.data !== undefined && (
        <div className="jp-Strata-sourceText" tabIndex={0}>
          {found.data.window.from > 0 && '… '}
          {found.data.text.slice(0, Math.max(0, source.span.from - found.data.window.from))}
          <mark ref={mark}>{found.data.text.slice(Math.max(0, source.span.from - found.data.window.from), source.span.to - found.data.window.from)}</mark>
          {found.data.text.slice(source.span.to - found.data.window.from)}
          {found.data.window.to < found.data.characterCount && ' …'}
        </div>
      )}
    </aside>
  );
}
