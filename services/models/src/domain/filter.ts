import { invalidParameter } from './mlflow-error.ts';

export type Entity = 'attribute' | 'metric' | 'param' | 'tag' | 'dataset';
export const operators = ['=', '!=', '<', '<=', '>', '>=', 'LIKE', 'ILIKE', 'IN', 'NOT IN', 'IS NULL', 'IS NOT NULL'] as const;
export type Operator = (typeof operators)[number];

export interface Condition {
  readonly entity: Entity;
  readonly key: string;
  readonly operator: Operator;
  /** A list for IN and NOT IN, `null` for IS NULL and IS NOT NULL. */
  readonly value: string | number | readonly string[] | null;
}

const entities: Readonly<Record<string, Entity>> = {
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  metric: 'metric',
  metrics: 'metric',
  param: 'param',
  params: 'param',
  parameter: 'param',
  parameters: 'param',
  tag: 'tag',
  tags: 'tag',
  dataset: 'dataset',
  datasets: 'dataset'
};
const highestConditions = 50;

interface Token {
  readonly kind: 'word' | 'quoted' | 'operator' | 'number' | 'punctuation';
  readonly text: string;
}

/** Words may hold dots and slashes (`metrics.train/loss`); names with other characters are quoted with `"` or a backtick, values with `'` or `"`. */
const tokenPattern = /\s+|(?<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`)|(?<operator><=|>=|!=|=|<|>)|(?<punctuation>[(),])|(?<word>[^\s'"`<>=!(),]+)/gy;
const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const match = tokenPattern.exec(text);
    if (match === null) throw invalidParameter(`Invalid filter: '${text.slice(0, 200)}' could not be read.`);
    const { quoted, operator, punctuation, word } = match.groups ?? {};
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.slice(1, -1).replace(/\\(.)/g, '$1') });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else if (punctuation !== undefined) tokens.push({ kind: 'punctuation', text: punctuation });
    else if (word !== undefined) tokens.push({ kind: numberPattern.test(word) ? 'number' : 'word', text: word });
  }
  return tokens;
}

/**
 * Reads MLflow's filter grammar: comparisons joined by AND. Values never become SQL; they are handed on as parameters.
 * @throws INVALID_PARAMETER_VALUE naming what could not be read
 */
export function parseFilter(text: string | undefined): readonly Condition[] {
  if (text === undefined || text.trim() === '') return [];
  const reader = createReader(tokensOf(text), text);
  const conditions = [readCondition(reader)];
  while (!reader.isAtEnd()) {
    if (!reader.takeWord('AND')) throw reader.refuse('comparisons are joined by AND');
    conditions.push(readCondition(reader));
    if (conditions.length > highestConditions) throw reader.refuse(`it has more than ${highestConditions} comparisons`);
  }
  return conditions;
}

interface Reader {
  isAtEnd(): boolean;
  peek(): Token | undefined;
  take(): Token;
  takeWord(word: string): boolean;
  refuse(why: string): Error;
}

function createReader(tokens: readonly Token[], text: string): Reader {
  let at = 0;
  const refuse = (why: string): Error => invalidParameter(`Invalid filter '${text.slice(0, 200)}': ${why}.`);
  return {
    refuse,
    isAtEnd: () => at >= tokens.length,
    peek: () => tokens[at],
    take() {
      const token = tokens[at++];
      if (token === undefined) throw refuse('it ends too early');
      return token;
    },
    takeWord(word) {
      const token = tokens[at];
      if (token?.kind !== 'word' || token.text.toUpperCase() !== word) return false;
      at++;
      return true;
    }
  };
}

function readCondition(reader: Reader): Condition {
  const { entity, key } = readName(reader);
  const operator = readOperator(reader);
  if (operator === 'IS NULL' || operator === 'IS NOT NULL') return { entity, key, operator, value: null };
  if (operator === 'IN' || operator === 'NOT IN') return { entity, key, operator, value: readList(reader) };
  const token = reader.take();
  if (token.kind === 'number') return { entity, key, operator, value: Number(token.text) };
  if (token.kind === 'quoted') return { entity, key, operator, value: token.text };
  throw reader.refuse(`'${token.text}' is no value; texts are quoted`);
}

/** `metrics.loss`, `metrics."my loss"`, `tag.a.b`, or a bare attribute. */
export function readName(reader: Pick<Reader, 'take' | 'peek' | 'refuse'>): { entity: Entity; key: string } {
  const token = reader.take();
  if (token.kind === 'quoted') return { entity: 'attribute', key: token.text };
  if (token.kind !== 'word') throw reader.refuse(`'${token.text}' is no name`);
  const dot = token.text.indexOf('.');
  if (dot < 0) return { entity: 'attribute', key: token.text };
  const entity = entities[token.text.slice(0, dot).toLowerCase()];
  if (entity === undefined) throw reader.refuse(`'${token.text.slice(0, dot)}' is none of attributes, metrics, params, tags, datasets`);
  const rest = token.text.slice(dot + 1);
  if (rest !== '') return { entity, key: rest };
  const quoted = reader.take();
  if (quoted.kind !== 'quoted') throw reader.refuse('a name is missing');
  return { entity, key: quoted.text };
}

function readOperator(reader: Reader): Operator {
  if (reader.takeWord('IS')) {
    const isNot = reader.takeWord('NOT');
    if (!reader.takeWord('NULL')) throw reader.refuse('NULL is missing after IS');
    return isNot ? 'IS NOT NULL' : 'IS NULL';
  }
  if (reader.takeWord('NOT')) {
    if (!reader.takeWord('IN')) throw reader.refuse('IN is missing after NOT');
    return 'NOT IN';
  }
  const token = reader.take();
  const known = operators.find(operator => operator === token.text.toUpperCase());
  if (known === undefined) throw reader.refuse(`'${token.text}' is no comparison`);
  return known;
}

function readList(reader: Reader): readonly string[] {
  if (reader.take().text !== '(') throw reader.refuse('a list begins with (');
  const values: string[] = [];
  for (;;) {
    const token = reader.take();
    if (token.kind !== 'quoted') throw reader.refuse('a list holds quoted texts');
    values.push(token.text);
    const next = reader.take();
    if (next.text === ')') return values;
    if (next.text !== ',') throw reader.refuse('the values of a list are separated by commas');
  }
}

export interface Order {
  readonly entity: Entity;
  readonly key: string;
  readonly isDescending: boolean;
}

/** Reads one `order_by` entry: a name and ASC or DESC; ascending unless given. @throws INVALID_PARAMETER_VALUE */
export function parseOrder(text: string): Order {
  const reader = createReader(tokensOf(text), text);
  const name = readName(reader);
  const isDescending = reader.takeWord('DESC');
  if (!isDescending) reader.takeWord('ASC');
  if (!reader.isAtEnd()) throw invalidParameter(`Invalid order_by '${text.slice(0, 200)}': it is a name and ASC or DESC.`);
  return { ...name, isDescending };
}
