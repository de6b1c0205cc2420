import { SnippetMenu, useSuite, useTexts, type Snippet } from '@stratalab/lab-kit';
import * as React from 'react';

interface CollectionParams {
  readonly tenant: string;
  readonly collection: string;
}

/** How notebooks and programs use the collection. */
export function UseTab({ params }: { readonly params: CollectionParams }): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  return (
    <div className="jp-Strata-panel">
      <h3>{texts.__('In a notebook')}</h3>
      <SnippetMenu snippets={[{ language: 'Python', code: `%load_ext stratalab` }]} />
      <SnippetMenu snippets={[{ language: 'Python', code: `%%ask ${params.collection}\n${texts.__('What does this collection say about quotas?')}` }]} />
      <h3>{texts.__('From a program')}</h3>
      <p className="jp-Strata-caption">{texts.__('With an access key that carries agent:ask and endpoint:invoke.')}</p>
      <SnippetMenu snippets={programs(stratalab.url, params)} />
    </div>
  );
}

/** The same question in two languages; the answer holds text, checked citations and the whole trace. */
export function programs(url: string, { tenant, collection }: CollectionParams): readonly Snippet[] {
  const address = `${url}/api/agents/v1/tenants/${encodeURIComponent(tenant)}/collections/${encodeURIComponent(collection)}/ask`;
  return [
    {
      language: 'Python',
      code: [
        'import json, os, urllib.request',
        '',
        'request = urllib.request.Request(',
        `    ${JSON.stringify(address)},`,
        '    data=json.dumps({"question": "…", "endpoint": "…"}).encode(),',
        '    headers={"authorization": f"Bearer {os.environ[\'STRATALAB_KEY\']}", "content-type": "application/json"},',
        ')',
        'answer = json.load(urllib.request.urlopen(request))',
        'print(answer["verdict"], answer["text"])'
      ].join('\n')
    },
    {
      language: 'curl',
      code: [
        `curl ${JSON.stringify(address)} \\`,
        '  -H "authorization: Bearer $STRATALAB_KEY" -H "content-type: application/json" \\',
        `  -d '{"question": "…", "endpoint": "…"}'`
      ].join('\n')
    }
  ];
}
