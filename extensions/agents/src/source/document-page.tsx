import { formatUrn, type Urn } from '@stratalab/contracts';
import type { Document, DocumentText } from '@stratalab/contracts/agents';
import { agentIcon, formatBytes, ObjectPage, QueryNotice, shellCommands, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useAgents } from '../use-agents';
import { documentStatus } from '../words';

const windowCharacters = 50_000;

/** Page of a document: its text as the collection sees it, passage by passage. */
export function DocumentPage({ urn }: { readonly urn: Urn }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const agents = useAgents();
  const found = useQuery(`document ${urn.name}`, (_chosen, signal) => agents.findDocument({ params: { tenant: urn.tenant, document: urn.name } }, { signal }), {
    refreshOn: ['collection.']
  });
  if (found.data === undefined) return <QueryNotice query={found} />;
  const document = found.data;
  const collection = formatUrn({ tenant: urn.tenant, kind: 'collection', name: document.collection });
  return (
    <ObjectPage
      query={found}
      icon={agentIcon}
      name={document.name}
      chips={[document.format, formatBytes(document.sizeBytes)]}
      status={documentStatus(document, texts)}
      owner={document.uploadedBy}
      createdAt={document.createdAt}
      primary={{ label: texts.__('Open collection'), onClick: () => void commands.execute(shellCommands.openObject, { urn: collection }) }}
      tabs={[{ id: 'text', label: texts.__('Passages'), count: document.chunkCount, render: () => <DocumentWindows tenant={urn.tenant} document={document} /> }]}
    />
  );
}

function DocumentWindows({ tenant, document }: { readonly tenant: string; readonly document: Document }): React.JSX.Element {
  const texts = useTexts();
  const agents = useAgents();
  const [from, setFrom] = React.useState(0);
  const found = useQuery(
    `text ${document.id} ${from} ${document.chunkCount}`,
    (_chosen, signal) =>
      agents.getDocumentText({ params: { tenant, collection: document.collection, document: document.id }, query: { from, limit: windowCharacters } }, { signal }),
    { isEnabled: document.chunkCount > 0 }
  );
  if (document.chunkCount === 0) return <p className="jp-Strata-caption">{document.problem?.hint ?? texts.__('The document was not read yet.')}</p>;
  if (found.data === undefined) return <QueryNotice query={found} />;
  const { window, characterCount } = found.data;
  return (
    <div className="jp-Strata-panel">
      <Chunks text={found.data} />
      {(window.from > 0 || window.to < characterCount) && (
        <div className="jp-Strata-row">
          <button className="jp-mod-styled" disabled={window.from === 0} onClick={() => setFrom(Math.max(0, window.from - windowCharacters))}>
            {texts.__('Previous part')}
          </button>
          <button className="jp-mod-styled" disabled={window.to >= characterCount} onClick={() => setFrom(window.to)}>
            {texts.__('Next part')}
          </button>
        </div>
      )}
    </div>
  );
}

function Chunks({ text }: { readonly text: DocumentText }): React.JSX.Element {
  const texts = useTexts();
  return (
    <ol className="jp-Strata-chunks">
      {text.chunks.map(chunk => (
        <li key={chunk.id}>
          <span className="jp-Strata-caption">
            {texts.__('Passage %1', chunk.ordinal + 1)} · {texts._n('%1 token', '%1 tokens', chunk.tokens)}
            {chunk.page !== null && ` · ${texts.__('page %1', chunk.page)}`}
            {!chunk.isEmbedded && ` · ${texts.__('not embedded yet')}`}
          </span>
          <div className="jp-Strata-chunkText">{text.text.slice(Math.max(0, chunk.span.from - text.window.from), chunk.span.to - text.window.from)}</div>
        </li>
      ))}
    </ol>
  );
}
