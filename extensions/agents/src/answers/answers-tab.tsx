import type { AnswerSummary } from '@stratalab/contracts/agents';
import { EmptyState, formatAmount, shellCommands, StatusChip, TimeAgo, usePages, useSuite, useTexts, VirtualTable, type Column } from '@stratalab/lab-kit';
import * as React from 'react';
import { useAgents } from '../use-agents';
import { verdictStatus } from '../words';

/** Everything that was asked of a collection, newest first. */
export function AnswersTab({ params }: { readonly params: { readonly tenant: string; readonly collection: string } }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const agents = useAgents();
  const answers = usePages<AnswerSummary>(
    `answers ${params.tenant} ${params.collection}`,
    ({ cursor, signal }) =>
      agents.listAnswers({ params: { tenant: params.tenant }, query: { collection: params.collection, limit: 100, ...(cursor === undefined ? {} : { cursor }) } }, { signal }),
    ['answer.']
  );
  const open = (row: AnswerSummary): void => void commands.execute(shellCommands.openObject, { urn: row.urn });
  const ratings: Readonly<Record<string, string>> = { good: texts.__('Good'), bad: texts.__('Bad') };
  const columns: readonly Column<AnswerSummary>[] = [
    {
      id: 'question',
      label: texts.__('Question'),
      width: 260,
      text: row => row.question,
      render: row => (
        <button className="jp-Strata-link" onClick={() => open(row)}>
          {row.question}
        </button>
      )
    },
    {
      id: 'verdict',
      label: texts.__('Citations'),
      width: 120,
      text: row => verdictStatus(row.verdict, texts).label,
      render: row => {
        const { tone, label } = verdictStatus(row.verdict, texts);
        return <StatusChip tone={tone} label={label} />;
      }
    },
    { id: 'rating', label: texts.__('Rated'), width: 60, text: row => ratings[row.feedback?.rating ?? ''] ?? '–' },
    { id: 'endpoint', label: texts.__('Endpoint'), width: 100, text: row => row.endpoint },
    { id: 'tokens', label: texts.__('Tokens'), width: 70, isNumber: true, text: row => formatAmount(row.usage.promptTokens + row.usage.completionTokens) },
    { id: 'by', label: texts.__('Asked by'), width: 90, text: row => row.askedBy },
    { id: 'time', label: texts.__('When'), width: 110, text: row => row.createdAt, render: row => <TimeAgo time={row.createdAt} /> }
  ];
  return (
    <VirtualTable
      label={texts.__('Answers')}
      columns={columns}
      pages={answers}
      rowKey={row => row.id}
      onOpen={open}
      empty={<EmptyState text={texts.__('Nothing was asked yet. Every answer is kept here with its citations and its candidates.')} />}
    />
  );
}
