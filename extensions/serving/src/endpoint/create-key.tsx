import type { Problem } from '@stratalab/contracts';
import { controlRoutes } from '@stratalab/contracts/control';
import { asProblem, ProblemNotice, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

/** Makes an access key that may ask endpoints, and shows it once. */
export function CreateKey({ tenant, name }: { readonly tenant: string; readonly name: string }): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  const [secret, setSecret] = React.useState<string>();
  const [isCopied, setCopied] = React.useState(false);
  const [problem, setProblem] = React.useState<Problem>();
  const create = async (): Promise<void> => {
    setProblem(undefined);
    try {
      const created = await stratalab
        .clientFor(controlRoutes)
        .createAccessKey({ params: { tenant }, body: { name: `endpoint ${name}`, scopes: ['endpoint:invoke', 'endpoint:read'] } });
      setSecret(created.secret);
      setCopied(false);
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  if (problem !== undefined) return <ProblemNotice problem={problem} onRetry={() => void create()} />;
  if (secret === undefined) {
    return (
      <div className="jp-Strata-row">
        <button className="jp-mod-styled" onClick={() => void create()}>
          {texts.__('Create an access key')}
        </button>
        <span className="jp-Strata-caption">{texts.__('It may ask the endpoints of this tenant, for ninety days, until you revoke it.')}</span>
      </div>
    );
  }
  return (
    <div className="jp-StrataServing-key" role="status">
      <p>{texts.__('Copy this key now: it is not shown again.')}</p>
      <div className="jp-Strata-row">
        <code data-testid="stratalab-secret">{secret}</code>
        <button className="jp-mod-styled jp-mod-accept" onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}>
          {isCopied ? texts.__('Copied') : texts.__('Copy')}
        </button>
      </div>
    </div>
  );
}
