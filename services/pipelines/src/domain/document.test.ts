import { describe, expect, test } from '@jest/globals';
import { parsePipelineDocument } from './document.ts';
import { planSteps } from './plan.ts';
import { previewQuery } from './preview-sql.ts';

const document = `name: demo
steps:
  - name: first
    kind: sql
    sql: select * from flights;
    output: a
  - name: second
    kind: sql
    sql: |
      select * from a
      join b using (x)
    output: c
`;
const tables = new Map([
  ['first', ['flights']],
  ['second', ['a', 'b']]
]);

function parsed(text: string) {
  const result = parsePipelineDocument(text);
  if (result.definition === undefined) throw new Error(JSON.stringify(result.problems));
  return result;
}

describe('pipeline documents', () => {
  test('YAML and JSON say the same, with defaults', () => {
    const fromYaml = parsed('name: p\nschedule: { cron: "0 6 * * *" }\nsteps: [{ name: s, kind: sql, sql: "select 1", output: o }]').definition;
    const fromJson = parsed('{"name":"p","schedule":{"cron":"0 6 * * *"},"steps":[{"name":"s","kind":"sql","sql":"select 1","output":"o"}]}').definition;
    expect(fromYaml).toEqual(fromJson);
    expect(fromYaml).toMatchObject({ schedule: { timeZone: 'UTC', catchUp: false }, concurrency: 1 });
  });

  test('says what is wrong and where', () => {
    expect(parsePipelineDocument('name: p\nsteps:\n  - name: Bad Name\n    kind: shell\n    sql: select 1\n    output: o\n    command: rm\n').problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: 'steps/0/name', line: 3, column: 11, step: 'Bad Name' }),
        expect.objectContaining({ path: 'steps/0/kind', line: 4 }),
        expect.objectContaining({ path: 'steps/0', message: "does not know 'command'" })
      ])
    );
    expect(parsePipelineDocument('name: [').problems[0]).toMatchObject({ line: 1, message: expect.stringContaining('not valid YAML') });
    expect(parsePipelineDocument('name: p').problems[0]).toMatchObject({ message: "needs 'steps'" });
  });

  test('a small text with many aliases is refused, not expanded', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', 'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]', 'c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]', 'd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]'].join('\n');
    expect(parsePipelineDocument(bomb).problems.length).toBeGreaterThan(0);
  });

  test('a step that reads what another makes runs after it, however they are written', () => {
    const { definition, placeOf } = parsed(document);
    const reversed = { ...definition, steps: [...definition.steps].reverse() };
    const { plan } = planSteps(reversed, tables, placeOf);
    expect(plan?.steps.map(({ name, deps }) => [name, deps])).toEqual([
      ['first', []],
      ['second', ['first']]
    ]);
    expect(plan?.steps[1]?.inputs).toEqual([
      { name: 'a', as: 'a', version: null, isProduced: true },
      { name: 'b', as: 'b', version: null, isProduced: false }
    ]);
  });

  test('steps that wait for each other, doubled names and unknown steps are found', () => {
    const { definition, placeOf } = parsed(document);
    const [first, second] = definition.steps;
    if (first === undefined || second === undefined) throw new Error('Two steps were written.');
    const messages = (steps: (typeof definition)['steps']): string[] => planSteps({ ...definition, steps }, tables, placeOf).problems.map(({ message }) => message);
    expect(messages([{ ...first, deps: ['second'] }, second])).toEqual(['These steps wait for each other: first → second → first.']);
    expect(messages([first, { ...second, name: 'first', output: 'a' }])).toEqual(["Another step is called 'first'.", "The step 'first' already makes the dataset 'a'."]);
    expect(messages([{ ...first, deps: ['third'] }, second])).toEqual(["There is no step 'third'."]);
  });

  test('a preview computes the steps before in the same query and knows where its own lines begin', () => {
    const { definition, placeOf } = parsed(document);
    const { plan } = planSteps(definition, tables, placeOf);
    const step = plan?.steps[1];
    if (plan === undefined || step === undefined) throw new Error('There is a plan.');
    const query = previewQuery(plan, step);
    expect(query.sql).toBe('with "a" as (\nselect * from flights\n)\nselect * from (\nselect * from a\njoin b using (x)\n\n)');
    expect(query).toMatchObject({ linesBefore: 4, conflict: undefined });
    expect(query.inputs.map(({ name }) => name)).toEqual(['flights', 'b']);
  });
});
