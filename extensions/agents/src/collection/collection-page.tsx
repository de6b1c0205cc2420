import type { Urn } from '@stratalab/contracts';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { agentIcon, LineageStrip, ObjectPage, QueryNotice, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { AnswersTab } from '../answers/answers-tab';
import { Bench } from '../bench/bench';
import { agentCommands } from '../commands/command-ids';
import { useAgents } from '../use-agents';
import { collectionStatus } from '../words';
import { lineageOf } from './collection-lineage';
import { DocumentsTab } from './documents-tab';
import { UseTab } from './use-tab';

const namedDocuments = 200;

/** Page of a collection: ask it, see and add its documents, what was asked, and how programs use it. */
export function CollectionPage({ urn }: { readonly urn: Urn }): React.JSX.Element {
  const { stratalab, commands } = useSuite();
  const texts = useTexts();
  const agents = useAgents();
  const catalog = React.useMemo(() => stratalab.clientFor(catalogRoutes), [stratalab]);
  const params = { tenant: urn.tenant, collection: urn.name };
  const found = useQuery(`collection ${urn.tenant} ${urn.name}`, (_chosen, signal) => agents.getCollection({ params }, { signal }), { refreshOn: ['collection.'] });
  if (found.data === undefined) return <QueryNotice query={found} />;
  const collection = found.data;
  const documents = { id: 'documents', label: texts.__('Documents'), count: collection.documentCount, render: () => <DocumentsTab params={params} /> };
  const ask = { id: 'ask', label: texts.__('Ask'), render: () => <Bench params={params} isSearchable={collection.chunkCount > 0} /> };
  return (
    <ObjectPage
      query={found}
      icon={agentIcon}
      name={collection.name}
      status={collectionStatus(collection, texts)}
      owner={collection.createdBy}
      createdAt={collection.createdAt}
      more={[
        { label: texts.__('Rebuild'), onClick: () => void commands.execute(agentCommands.rebuildCollection, { collection: urn.name }) },
        { label: texts.__('Delete'), onClick: () => void commands.execute(agentCommands.deleteCollection, { collection: urn.name }) }
      ]}
      lineage={
        <>
          {collection.description !== '' && <p className="jp-Strata-caption">{collection.description}</p>}
          <LineageStrip
            urn={collection.urn}
            name={collection.name}
            load={async (asked, tenant, signal) => {
              const [graph, known] = await Promise.all([
                catalog.getLineage({ params: { tenant }, query: { urn: asked, direction: 'both', depth: 1 } }, { signal }),
                agents.listDocuments({ params, query: { limit: namedDocuments } }, { signal })
              ]);
              return lineageOf(graph, known.items, texts);
            }}
          />
        </>
      }
      tabs={[
        // What there is to do first comes first: a collection without documents cannot be asked.
        ...(collection.state === 'empty' ? [documents, ask] : [ask, documents]),
        { id: 'answers', label: texts.__('Answers'), render: () => <AnswersTab params={params} /> },
        { id: 'use', label: texts.__('Use'), render: () => <UseTab params={params} /> }
      ]}
    />
  );
}
