import { checkKey, checkLength, longest } from '../domain/names.ts';
import { optionalText, text, type Input } from './input.ts';

/** The one tag of a `set-tag` call on a model or a version. @throws INVALID_PARAMETER_VALUE for a key or a value that is no tag */
export function tagOf(input: Input): Record<string, string> {
  return { [checkKey(text(input, 'key'), 'key')]: checkLength(optionalText(input, 'value') ?? '', 'value', longest.registryTag) };
}

/** MLflow answers tag calls with nothing. */
export async function withoutMessage(work: Promise<object>): Promise<object> {
  await work;
  return {};
}
