import type { EndpointKind } from '@stratalab/contracts/serving';
import type { Snippet } from '@stratalab/lab-kit';

export interface SnippetFacts {
  /** Where the platform answers, without a trailing slash. */
  readonly url: string;
  readonly tenant: string;
  readonly name: string;
  readonly kind: EndpointKind;
}

const keyName = 'STRATALAB_KEY';

/** Ready-made calls of an endpoint by stock clients; the key comes from the environment, never from the text. */
export function snippetsOf(facts: SnippetFacts): readonly Snippet[] {
  if (facts.kind === 'predict') return predictSnippets(facts);
  return facts.kind === 'embeddings' ? embeddingSnippets(facts) : chatSnippets(facts);
}

function chatSnippets({ url, name }: SnippetFacts): readonly Snippet[] {
  const base = `${url}/openai/v1`;
  return [
    {
      language: 'Python',
      code: `import os
from openai import OpenAI

client = OpenAI(base_url="${base}", api_key=os.environ["${keyName}"])
stream = client.chat.completions.create(
    model="${name}",
    messages=[{"role": "user", "content": "What is the capital of France?"}],
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="")`
    },
    {
      language: 'curl',
      code: `curl ${base}/chat/completions \\
  -H "Authorization: Bearer $${keyName}" -H "Content-Type: application/json" \\
  -d '{"model": "${name}", "messages": [{"role": "user", "content": "What is the capital of France?"}]}'`
    },
    {
      language: 'TypeScript',
      code: `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${base}', apiKey: process.env.${keyName} });
const stream = await client.chat.completions.create({
  model: '${name}',
  messages: [{ role: 'user', content: 'What is the capital of France?' }],
  stream: true
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');`
    }
  ];
}

function embeddingSnippets({ url, name }: SnippetFacts): readonly Snippet[] {
  const base = `${url}/openai/v1`;
  return [
    {
      language: 'Python',
      code: `import os
from openai import OpenAI

client = OpenAI(base_url="${base}", api_key=os.environ["${keyName}"])
vectors = client.embeddings.create(model="${name}", input=["a text", "another text"])
print(len(vectors.data[0].embedding))`
    },
    {
      language: 'curl',
      code: `curl ${base}/embeddings \\
  -H "Authorization: Bearer $${keyName}" -H "Content-Type: application/json" \\
  -d '{"model": "${name}", "input": ["a text", "another text"]}'`
    },
    {
      language: 'TypeScript',
      code: `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${base}', apiKey: process.env.${keyName} });
const vectors = await client.embeddings.create({ model: '${name}', input: ['a text', 'another text'] });
console.log(vectors.data[0]?.embedding.length);`
    }
  ];
}

function predictSnippets({ url, tenant, name }: SnippetFacts): readonly Snippet[] {
  const route = `${url}/api/serving/v1/tenants/${tenant}/endpoints/${name}/predict`;
  return [
    {
      language: 'Python',
      code: `import json, os, urllib.request

rows = {"dataframe_split": {"columns": ["a", "b"], "data": [[1.0, 2.0]]}}
request = urllib.request.Request(
    "${route}",
    data=json.dumps(rows).encode(),
    headers={"Authorization": "Bearer " + os.environ["${keyName}"], "Content-Type": "application/json"},
)
print(json.load(urllib.request.urlopen(request))["predictions"])`
    },
    {
      language: 'curl',
      code: `curl ${route} \\
  -H "Authorization: Bearer $${keyName}" -H "Content-Type: application/json" \\
  -d '{"dataframe_split": {"columns": ["a", "b"], "data": [[1.0, 2.0]]}}'`
    },
    {
      language: 'TypeScript',
      code: `const answer = await fetch('${route}', {
  method: 'POST',
  headers: { authorization: \`Bearer \${process.env.${keyName}}\`, 'content-type': 'application/json' },
  body: JSON.stringify({ dataframe_split: { columns: ['a', 'b'], data: [[1, 2]] } })
});
console.log((await answer.json()).predictions);`
    }
  ];
}
