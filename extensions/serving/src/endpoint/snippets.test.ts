import { snippetsOf } from './snippets';

const facts = { url: 'http://127.0.0.1:8000/services/stratalab', tenant: 'demo', name: 'smol' };

test('every kind has its calls in three languages, with the right address and no key in the text', () => {
  for (const kind of ['chat', 'embeddings', 'predict'] as const) {
    const snippets = snippetsOf({ ...facts, kind });
    expect(snippets.map(({ language }) => language)).toEqual(['Python', 'curl', 'TypeScript']);
    for (const { code } of snippets) {
      expect(code).toContain(kind === 'predict' ? '/api/serving/v1/tenants/demo/endpoints/smol/predict' : 'http://127.0.0.1:8000/services/stratalab/openai/v1');
      expect(code).toContain('STRATALAB_KEY');
      expect(code).not.toContain('sk-strata');
    }
  }
});
