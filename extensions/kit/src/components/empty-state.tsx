import * as React from 'react';

export interface EmptyStateProps {
  /** One sentence: what belongs here. */
  readonly text: string;
  readonly action?: { readonly label: string; readonly onClick: () => void };
}

/** An empty list that teaches the next step. */
export function EmptyState({ text, action }: EmptyStateProps): React.JSX.Element {
  return (
    <div className="jp-Strata-empty">
      <p>{text}</p>
      {action !== undefined && (
        <button className="jp-mod-styled jp-mod-accept" onClick={action.onClick}>
          {action.label}
        </button>
      )}
    </div>
  );
}
