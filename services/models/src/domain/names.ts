import { invalidParameter } from './mlflow-error.ts';

const keyPattern = /^[/\w.\- :]*$/;
const modelPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const aliasPattern = /^[A-Za-z0-9_-]{1,63}$/;

export const longest = { key: 250, param: 6_000, tag: 8_000, experimentTag: 20_000, registryTag: 100_000, experimentName: 500 } as const;

/** Key of a metric, param or tag, as MLflow allows it. @throws INVALID_PARAMETER_VALUE */
export function checkKey(key: string, what: string): string {
  if (key === '') throw invalidParameter(`Missing value for required parameter '${what}'.`);
  if (!keyPattern.test(key) || key.split('/').some(part => part === '..' || part === '.') || key.startsWith('/')) {
    throw invalidParameter(
      `Invalid value "${key.slice(0, 250)}" for parameter '${what}' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).`
    );
  }
  return checkLength(key, what, longest.key);
}

export function checkLength(text: string, what: string, limit: number): string {
  if (text.length > limit) throw invalidParameter(`'${what}' exceeds the maximum length of ${limit} characters. Got ${text.length} characters: '${text.slice(0, 60)}…'.`);
  return text;
}

/** Name of a registered model: what a tenant's other objects are named like, so that it can be part of an address. @throws INVALID_PARAMETER_VALUE */
export function checkModelName(name: string): string {
  if (name.trim() === '') throw invalidParameter("Missing value for required parameter 'name'.");
  if (!modelPattern.test(name))
    throw invalidParameter(`Invalid model name '${name.slice(0, 200)}'. Names are letters, digits, dots, dashes and underscores, at most 128, and begin with a letter or digit.`);
  return name;
}

/** @throws INVALID_PARAMETER_VALUE with MLflow's own words for reserved names */
export function checkAlias(alias: string): string {
  if (alias === '') throw invalidParameter('Registered model alias name cannot be empty.');
  if (!aliasPattern.test(alias)) throw invalidParameter(`Invalid alias name: '${alias.slice(0, 100)}'. Names may only contain alphanumerics, underscores (_) and dashes (-).`);
  if (alias.toLowerCase() === 'latest') throw invalidParameter("'latest' alias name (case insensitive) is reserved.");
  if (/^v\d+$/i.test(alias)) throw invalidParameter(`Version alias name '${alias}' is reserved.`);
  return alias;
}

const adjectives = [
  'amber',
  'bold',
  'brisk',
  'calm',
  'clever',
  'dusky',
  'eager',
  'fleet',
  'gentle',
  'hardy',
  'keen',
  'lucid',
  'mellow',
  'nimble',
  'quiet',
  'rapid',
  'sunny',
  'tidy',
  'vivid',
  'wise'
];
const nouns = [
  'ant',
  'bear',
  'crane',
  'deer',
  'eel',
  'finch',
  'goose',
  'heron',
  'ibis',
  'jay',
  'koala',
  'lark',
  'mole',
  'newt',
  'otter',
  'perch',
  'quail',
  'robin',
  'seal',
  'wren'
];

/** A name for a run nobody named; chosen by the last letters of its id, so it needs no randomness of its own. */
export function nameFor(id: string): string {
  const number = Number.parseInt(id.slice(-6), 36);
  return `${adjectives[number % adjectives.length] ?? ''}-${nouns[Math.floor(number / adjectives.length) % nouns.length] ?? ''}-${number % 1000}`;
}
