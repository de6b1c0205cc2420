import { Value } from 'typebox/value';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { meaningProblems } from './scenario-meaning.ts';
import { ScenarioDocument } from './scenario-schema.ts';

export interface ScenarioProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A scenario that cannot be run, with every reason and its line. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
}

const mostProblems = 20;

/**
 * Reads a scenario from YAML.
 * @param file its name, for messages
 * @throws ScenarioError with one line per problem: `file:line: what — why`
 */
export function readScenario(text: string, file: string): ScenarioDocument {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new ScenarioError(document.errors.map(error => `${file}:${counter.linePos(error.pos[0]).line}: this is not valid YAML — ${error.message}`).join('\n'));
  }
  const value: unknown = document.toJS({ maxAliasCount: 50 });
  const refuse = (problems: readonly ScenarioProblem[]): ScenarioError => {
    const lines = problems.map(({ path, message }) => `${file}:${lineOf(document, counter, path)}: ${path.join('.') || 'the scenario'} ${message}`);
    return new ScenarioError([...new Set(lines)].slice(0, mostProblems).join('\n'));
  };
  if (!Value.Check(ScenarioDocument, value)) throw refuse(shapeProblems(value));
  const problems = meaningProblems(value);
  if (problems.length > 0) throw refuse(problems);
  return value;
}

function shapeProblems(value: unknown): readonly ScenarioProblem[] {
  // A field nobody knows is named twice, by its object and by itself; only the second has its line.
  const errors = [...Value.Errors(ScenarioDocument, value)].filter(({ keyword }) => keyword !== 'additionalProperties');
  const found = errors.map(error => ({
    path: error.instancePath
      .split('/')
      .filter(part => part !== '')
      .map(part => (/^\d+$/.test(part) ? Number(part) : part)),
    message: describe(error.keyword, error.message, error.params)
  }));
  // Where no form of a choice fits, each form complains by itself; the sentence about the choice says it all.
  const choices = found.filter(({ message }) => message === choiceMessage);
  return found.filter(({ path, message }) => message === choiceMessage || !choices.some(choice => choice.path.join('/') === path.slice(0, choice.path.length).join('/')));
}

const choiceMessage = 'must be a number, {from: …, to: …} or {mean: …}';

function describe(keyword: string, message: string, params: object): string {
  const names = (key: string): string => {
    const list: unknown = key in params ? Reflect.get(params, key) : undefined;
    return Array.isArray(list) ? list.map(name => `'${String(name)}'`).join(', ') : '';
  };
  if (keyword === 'anyOf') return choiceMessage;
  if (keyword === 'boolean') return 'is a field nobody knows; is it misspelled?';
  if (keyword === 'required') return `needs ${names('requiredProperties')}`;
  if (keyword === 'pattern') return 'must be lower-case letters, digits and dashes';
  return message;
}

/** Line of a part of the document, or of the nearest part around it. */
function lineOf(document: Document, counter: LineCounter, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range !== null && node.range !== undefined) return counter.linePos(node.range[0]).line;
  }
  return 1;
}
