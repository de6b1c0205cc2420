import type { Answer } from '@stratalab/contracts/agents';
import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

/** Exactly what the model was given, closed until somebody wants to see it. */
export function Prompt({ messages }: Pick<Answer, 'messages'>): React.JSX.Element | null {
  const texts = useTexts();
  if (messages.length === 0) return null;
  return (
    <details className="jp-Strata-prompt">
      <summary>{texts.__('What the model was given')}</summary>
      {messages.map((message, index) => (
        <React.Fragment key={index}>
          <h3>{message.role === 'system' ? texts.__('Instruction') : texts.__('Passages and question')}</h3>
          <pre tabIndex={0}>{message.content}</pre>
        </React.Fragment>
      ))}
    </details>
  );
}
