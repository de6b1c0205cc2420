import type { Origin } from '@stratalab/contracts/models';
import { shellCommands, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { originWord } from './words';

const shownDigest = 12;

/** Where it came from, as the platform saw it: job, code, data; each opens its page. */
export function OriginFacts({ origin }: { readonly origin: Origin }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const open = (urn: string) => (): void => void commands.execute(shellCommands.openObject, { urn });
  return (
    <dl className="jp-StrataModels-facts" aria-label={texts.__('Origin')}>
      <dt>{texts.__('Made by')}</dt>
      <dd>
        {origin.jobUrn === null ? (
          originWord(origin, texts)
        ) : (
          <button className="jp-Strata-link" onClick={open(origin.jobUrn)}>
            {originWord(origin, texts)}
          </button>
        )}
        {origin.user !== null && ` · ${origin.user}`}
      </dd>
      {origin.codeSha256 !== null && (
        <>
          <dt>{texts.__('Code')}</dt>
          <dd title={origin.codeSha256}>
            {origin.codeFileName} <code>{origin.codeSha256.slice(0, shownDigest)}</code>
          </dd>
        </>
      )}
      {origin.datasets.length > 0 && (
        <>
          <dt>{texts.__('Data')}</dt>
          <dd>
            {origin.datasets.map(urn => (
              <button key={urn} className="jp-Strata-link" onClick={open(urn)}>
                {urn.slice(urn.lastIndexOf(':') + 1)}
              </button>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}
