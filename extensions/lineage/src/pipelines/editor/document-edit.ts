import { isMap, isSeq, parseDocument, stringify, YAMLMap, type Document } from 'yaml';

/** What the form shows of a step; read leniently, because a document may be wrong while it is written. */
export interface StepDraft {
  readonly name: string;
  readonly sql: string;
  readonly output: string;
  readonly description: string;
}

export interface ScheduleDraft {
  readonly cron: string;
  readonly timeZone: string;
}

export interface DocumentDraft {
  readonly name: string;
  readonly description: string;
  readonly steps: readonly StepDraft[];
  readonly schedule: ScheduleDraft | undefined;
  /** The text is no YAML at all, so the form cannot work on it. */
  readonly isBroken: boolean;
}

const lineWidth = 0;

/** Reads what the form shows. */
export function readDraft(text: string): DocumentDraft {
  const document = parse(text);
  const steps = document.get('steps', true);
  const schedule = document.get('schedule', true);
  return {
    name: textAt(document, ['name']),
    description: textAt(document, ['description']),
    steps: isSeq(steps) ? steps.items.map((_item, index) => stepAt(document, index)) : [],
    schedule: isMap(schedule) ? { cron: textAt(document, ['schedule', 'cron']), timeZone: textAt(document, ['schedule', 'timeZone']) || 'UTC' } : undefined,
    isBroken: document.errors.length > 0 || (document.contents !== null && !isMap(document.contents))
  };
}

/** The document with one field of one step changed; comments and everything else stay. */
export function setStepField(text: string, index: number, change: { readonly field: keyof StepDraft; readonly value: string }): string {
  return edit(text, document => {
    const path = ['steps', index, change.field];
    if (change.value === '' && change.field === 'description') document.deleteIn(path);
    else document.setIn(path, scalar(document, change.value));
  });
}

export function setSchedule(text: string, schedule: ScheduleDraft | undefined): string {
  return edit(text, document => {
    if (schedule === undefined) {
      document.delete('schedule');
      return;
    }
    if (!isMap(document.get('schedule', true))) {
      insertBefore(document, 'steps', 'schedule', document.createNode({ cron: schedule.cron, timeZone: schedule.timeZone }));
      return;
    }
    document.setIn(['schedule', 'cron'], schedule.cron);
    document.setIn(['schedule', 'timeZone'], schedule.timeZone);
  });
}

/** Adds a step that reads the output of the last one. */
export function addStep(text: string): string {
  const draft = readDraft(text);
  const names = new Set(draft.steps.map(({ name }) => name));
  let number = draft.steps.length + 1;
  while (names.has(`step-${number}`)) number += 1;
  const before = draft.steps.at(-1)?.output ?? '';
  const sql = before === '' ? 'select 1 as one\n' : `select *\nfrom ${quoted(before)}\nlimit 100\n`;
  return edit(text, document => {
    const output = `${draft.name === '' ? 'pipeline' : draft.name.replace(/[^A-Za-z0-9]+/g, '_')}_${number}`;
    const step = new YAMLMap();
    for (const [key, value] of Object.entries({ name: `step-${number}`, kind: 'sql', sql: scalar(document, sql), output })) step.add(document.createPair(key, value));
    const steps = document.get('steps', true);
    if (isSeq(steps)) steps.add(step);
    else document.set('steps', document.createNode([step]));
  });
}

export function removeStep(text: string, index: number): string {
  return edit(text, document => document.deleteIn(['steps', index]));
}

/** The document a new pipeline starts with: one step over a dataset that is there. */
export function firstDocument(name: string, dataset: string | undefined): string {
  const sql = dataset === undefined ? 'select 1 as one\n' : `select *\nfrom ${quoted(dataset)}\nlimit 100\n`;
  return stringify({ name, steps: [{ name: 'first', kind: 'sql', sql, output: `${name.replace(/[^A-Za-z0-9]+/g, '_')}_out` }] }, { lineWidth });
}

/** A dataset as a table name; plain where SQL allows it. */
export function quoted(dataset: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(dataset) ? dataset : `"${dataset.replaceAll('"', '""')}"`;
}

function edit(text: string, change: (document: Document) => void): string {
  const document = parse(text);
  if (document.errors.length > 0) return text;
  if (document.contents === null) document.contents = document.createNode({});
  change(document);
  return document.toString({ lineWidth });
}

function parse(text: string): Document {
  return parseDocument(text, { prettyErrors: false, merge: false });
}

/** SQL of several lines is written as a block, as people do. */
function scalar(document: Document, value: string) {
  const node = document.createNode(value.includes('\n') && !value.endsWith('\n') ? `${value}\n` : value);
  if (value.includes('\n') && 'type' in node) node.type = 'BLOCK_LITERAL';
  return node;
}

function insertBefore(document: Document, before: string, key: string, value: unknown): void {
  const { contents } = document;
  if (!isMap(contents)) return;
  const at = contents.items.findIndex(item => String(item.key) === before);
  contents.items.splice(at < 0 ? contents.items.length : at, 0, document.createPair(key, value));
}

function stepAt(document: Document, index: number): StepDraft {
  const field = (name: string): string => textAt(document, ['steps', index, name]);
  return { name: field('name'), sql: field('sql'), output: field('output'), description: field('description') };
}

function textAt(document: Document, path: readonly (string | number)[]): string {
  const value: unknown = document.getIn(path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
