import type { Problem } from '@stratalab/contracts';
import * as React from 'react';
import { useTexts } from '../platform/context';

/** Says what failed, why, and what to do; the request id can be copied for a question to the operator. */
export function ProblemNotice(props: { readonly problem: Problem; readonly onRetry?: () => void }): React.JSX.Element {
  const texts = useTexts();
  const document = props.problem.toDocument();
  const { limit, used, requested } = document;
  return (
    <div className="jp-Strata-problem" role="alert">
      <strong>{document.title}</strong>
      {document.detail !== undefined && <p>{document.detail}</p>}
      {limit !== undefined && used !== undefined && requested !== undefined && <p>{texts.__('Limit %1, used %2, requested %3', String(limit), String(used), String(requested))}</p>}
      {document.hint !== undefined && <p className="jp-Strata-hint">{document.hint}</p>}
      <div className="jp-Strata-row">
        {props.onRetry !== undefined && (
          <button className="jp-mod-styled jp-mod-minimal" onClick={props.onRetry}>
            {texts.__('Try again')}
          </button>
        )}
        {document.instance !== undefined && (
          <button className="jp-mod-styled jp-mod-minimal" title={document.instance} onClick={() => void navigator.clipboard.writeText(document.instance ?? '')}>
            {texts.__('Copy request id')}
          </button>
        )}
      </div>
    </div>
  );
}
