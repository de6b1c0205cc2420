import { invalidParameter } from '../domain/mlflow-error.ts';

/** What a client sent, from the query or the JSON body; every field is read by one of the functions below. */
export type Input = Readonly<Record<string, unknown>>;

function wrong(value: unknown, name: string, wanted: string): Error {
  const shown = JSON.stringify(value)?.slice(0, 100) ?? String(value);
  return invalidParameter(`Invalid value ${shown} for parameter '${name}' supplied: Value was of type '${Array.isArray(value) ? 'list' : typeof value}', should be ${wanted}.`);
}

/** A text that must be there and not be empty. @throws INVALID_PARAMETER_VALUE */
export function text(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === '') throw invalidParameter(`Missing value for required parameter '${name}'.`);
  return value;
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrong(value, name, 'a string');
  if (value.includes('\u0000')) throw invalidParameter(`Invalid value for parameter '${name}' supplied: it holds a NUL character.`);
  return value;
}

/** A whole number; 64-bit ones may arrive as text. */
export function optionalInteger(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw wrong(value, name, 'an integer');
  return number;
}

/** A number; `NaN`, `Infinity` and `-Infinity` arrive as text. */
export function number(input: Input, name: string): number {
  const value = input[name];
  if (value === undefined || value === null) throw invalidParameter(`Missing value for required parameter '${name}'.`);
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^(NaN|-?Infinity|[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)$/i.test(value)) return value.toLowerCase() === 'nan' ? Number.NaN : Number(value);
  throw wrong(value, name, 'a number');
}

export function flag(input: Input, name: string): boolean {
  return input[name] === true || input[name] === 'true';
}

/** A list of texts; a query with one value arrives as that value. */
export function texts(input: Input, name: string): readonly string[] {
  const value = input[name];
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map(item => {
    if (typeof item !== 'string') throw wrong(item, name, 'a list of strings');
    return item;
  });
}

/** A list of objects. */
export function items(input: Input, name: string): readonly Input[] {
  const value = input[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(value, name, 'a list');
  return value.map((item: unknown) => inputOf(item));
}

export function optionalItem(input: Input, name: string): Input | undefined {
  const value = input[name];
  return value === undefined || value === null ? undefined : inputOf(value);
}

export function inputOf(value: unknown): Input {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalidParameter('Invalid request: a JSON object was expected.');
  return Object.fromEntries(Object.entries(value));
}

/** Size of a page: the client's wish within bounds. @throws INVALID_PARAMETER_VALUE */
export function pageSize(input: Input, fallback: number, highest: number): number {
  const wanted = optionalInteger(input, 'max_results') ?? fallback;
  if (wanted < 1 || wanted > highest) throw invalidParameter(`Invalid value ${wanted} for parameter 'max_results' supplied: It must be a positive integer of at most ${highest}.`);
  return wanted;
}

/** Key and value pairs as an object; the last value of a key wins. */
export function words(list: readonly Input[]): Record<string, string> {
  return Object.fromEntries(list.map(item => [text(item, 'key'), optionalText(item, 'value') ?? '']));
}
