import type { AnswerSummary, Collection } from '@stratalab/contracts/agents';
import { EmptyState, QueryNotice, shellCommands, TimeAgo, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { agentCommands } from '../commands/command-ids';
import { useAgents } from '../use-agents';
import { collectionStatus, verdictStatus } from '../words';

const shownAnswers = 8;
const shownCollections = 50;

/** Section of the sidebar: the tenant's collections, and what was asked lately. */
export function AgentsSection(): React.JSX.Element {
  const texts = useTexts();
  const { commands } = useSuite();
  const agents = useAgents();
  const collections = useQuery('collections', (tenant, signal) => agents.listCollections({ params: { tenant }, query: { limit: shownCollections } }, { signal }), {
    refreshOn: ['collection.']
  });
  const answers = useQuery('answers', (tenant, signal) => agents.listAnswers({ params: { tenant }, query: { limit: shownAnswers } }, { signal }), { refreshOn: ['answer.'] });
  const create = (): void => void commands.execute(agentCommands.newCollection);
  if (collections.data === undefined) return <QueryNotice query={collections} />;
  const { items } = collections.data;
  return (
    <div className="jp-Strata-panel">
      <QueryNotice query={collections} />
      <div className="jp-Strata-row">
        <h3>{texts.__('Collections')}</h3>
        <span className="jp-Strata-spring" />
        {items.length > 0 && (
          <button className="jp-Strata-link" onClick={create}>
            {texts.__('New collection')}
          </button>
        )}
      </div>
      {items.length === 0 && (
        <EmptyState text={texts.__('A collection holds documents that can be searched and asked.')} action={{ label: texts.__('New collection'), onClick: create }} />
      )}
      <ul className="jp-Strata-agentList">
        {items.map(collection => (
          <CollectionRow key={collection.name} collection={collection} />
        ))}
      </ul>
      {(answers.data?.items.length ?? 0) > 0 && <h3>{texts.__('Recent answers')}</h3>}
      <ul className="jp-Strata-agentList">
        {answers.data?.items.map(answer => (
          <AnswerRow key={answer.id} answer={answer} />
        ))}
      </ul>
    </div>
  );
}

function CollectionRow({ collection }: { readonly collection: Collection }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const status = collectionStatus(collection, texts);
  return (
    <li>
      <button className="jp-Strata-agentRow" title={status.sentence} onClick={() => void commands.execute(shellCommands.openObject, { urn: collection.urn })}>
        <span>{collection.name}</span>
        <span className="jp-Strata-caption">
          {collection.state === 'ready' ? texts._n('%1 document', '%1 documents', collection.documentCount) : status.label}
          {collection.state === 'building' && ` ${Math.floor(collection.progress * 100)} %`}
        </span>
      </button>
    </li>
  );
}

function AnswerRow({ answer }: { readonly answer: AnswerSummary }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  return (
    <li>
      <button
        className="jp-Strata-agentRow"
        title={verdictStatus(answer.verdict, texts).sentence}
        onClick={() => void commands.execute(shellCommands.openObject, { urn: answer.urn })}
      >
        <span>{answer.question}</span>
        <span className="jp-Strata-caption">
          <TimeAgo time={answer.createdAt} />
        </span>
      </button>
    </li>
  );
}
