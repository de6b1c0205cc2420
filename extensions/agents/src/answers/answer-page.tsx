import { formatUrn, type Urn } from '@stratalab/contracts';
import { agentIcon, ObjectHeader, QueryNotice, shellCommands, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { AnswerView } from '../bench/answer-view';
import { CandidatesTable } from '../bench/candidates-table';
import { Prompt } from '../bench/prompt';
import { SourcePane, type ShownSource } from '../source/source-pane';
import { useAgents } from '../use-agents';

/** Page of an answer as it was given: text, citations, candidates and prompt. */
export function AnswerPage({ urn }: { readonly urn: Urn }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const agents = useAgents();
  const [source, setSource] = React.useState<ShownSource>();
  const found = useQuery(`answer ${urn.name}`, (_chosen, signal) => agents.getAnswer({ params: { tenant: urn.tenant, answer: urn.name } }, { signal }));
  if (found.data === undefined) return <QueryNotice query={found} />;
  const answer = found.data;
  const openCollection = (): void => void commands.execute(shellCommands.openObject, { urn: formatUrn({ tenant: urn.tenant, kind: 'collection', name: answer.collection }) });
  return (
    <div className="jp-Strata-page">
      <ObjectHeader
        icon={agentIcon}
        name={answer.question}
        owner={answer.askedBy}
        createdAt={answer.createdAt}
        primary={{ label: texts.__('Open collection'), onClick: openCollection }}
      />
      <div className="jp-Strata-bench">
        <div className="jp-Strata-benchMain">
          <AnswerView tenant={urn.tenant} answer={answer} onSource={setSource} />
          <CandidatesTable trace={answer.trace} onSource={setSource} />
          <Prompt messages={answer.messages} />
        </div>
        {source !== undefined && <SourcePane params={{ tenant: urn.tenant, collection: answer.collection }} source={source} onClose={() => setSource(undefined)} />}
      </div>
    </div>
  );
}
