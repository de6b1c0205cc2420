import { SnippetMenu, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { CreateKey } from './create-key';
import { snippetsOf, type SnippetFacts } from './snippets';

/** How to call the endpoint from anywhere: address, key, ready-made code. */
export function UseTab(props: Omit<SnippetFacts, 'url'>): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  return (
    <div className="jp-Strata-panel">
      {props.kind !== 'predict' && (
        <p>
          {texts.__('Base URL')} <code>{`${stratalab.url}/openai/v1`}</code> · {texts.__('model')} <code>{props.name}</code>
        </p>
      )}
      <CreateKey tenant={props.tenant} name={props.name} />
      <p className="jp-Strata-caption">{texts.__('The code takes the key from the environment variable %1.', 'STRATALAB_KEY')}</p>
      <SnippetMenu snippets={snippetsOf({ ...props, url: stratalab.url })} />
    </div>
  );
}
