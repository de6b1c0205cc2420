import { describe, expect, test } from '@jest/globals';
import { addStep, firstDocument, readDraft, removeStep, setSchedule, setStepField } from './document-edit';

const text = `# kept
name: p
steps:
  # about the step
  - name: one
    kind: sql
    sql: |
      select *
      from flights
    output: a
`;

describe('editing a pipeline document', () => {
  test('a field of a step changes, comments stay', () => {
    const changed = setStepField(text, 0, { field: 'sql', value: 'select 1\nfrom a: b' });
    expect(changed).toBe(text.replace('select *\n      from flights', 'select 1\n      from a: b'));
    expect(readDraft(changed).steps[0]?.sql).toBe('select 1\nfrom a: b\n');
  });
  test('a schedule comes, changes and goes', () => {
    const scheduled = setSchedule(text, { cron: '0 6 * * *', timeZone: 'Asia/Shanghai' });
    expect(readDraft(scheduled).schedule).toEqual({ cron: '0 6 * * *', timeZone: 'Asia/Shanghai' });
    expect(scheduled.indexOf('schedule')).toBeLessThan(scheduled.indexOf('steps'));
    expect(readDraft(setSchedule(scheduled, { cron: '0 7 * * *', timeZone: 'UTC' })).schedule?.cron).toBe('0 7 * * *');
    expect(setSchedule(scheduled, undefined)).toBe(text);
  });
  test('a new step reads what the last one makes and gets a name of its own', () => {
    const two = addStep(text);
    expect(readDraft(two).steps[1]).toMatchObject({ name: 'step-2', output: 'p_2', sql: 'select *\nfrom a\nlimit 100\n' });
    expect(readDraft(addStep(two)).steps.map(({ name }) => name)).toEqual(['one', 'step-2', 'step-3']);
    expect(readDraft(removeStep(two, 0)).steps.map(({ name }) => name)).toEqual(['step-2']);
  });
  test('a text that is no YAML is shown as it is and not touched', () => {
    expect(readDraft('name: [').isBroken).toBe(true);
    expect(addStep('name: [')).toBe('name: [');
    expect(readDraft('- a').isBroken).toBe(true);
  });
  test('a new pipeline starts with a dataset that is there', () => {
    const draft = readDraft(firstDocument('my-pipe', 'Flights 2013'));
    expect(draft.steps).toEqual([{ name: 'first', sql: 'select *\nfrom "Flights 2013"\nlimit 100\n', output: 'my_pipe_out', description: '' }]);
  });
});
