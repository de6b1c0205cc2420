import { Problem } from '@stratalab/contracts';

const longestPath = 1_000;
const longestPart = 255;

/**
 * The parts of a relative path, taken literally: nothing is decoded, cleaned or resolved (T15).
 * @throws invalid-request for anything that is not plainly relative: `..`, empty parts, backslashes, percent signs that hide one of these, control characters
 */
export function partsOfPath(path: string): readonly string[] {
  const parts = path.split('/');
  if (path.length > longestPath || !parts.every(isPlainPart)) {
    throw new Problem('invalid-request', {
      detail: 'Invalid path: artifacts have plain relative paths.',
      hint: "Leave out '..', empty parts, backslashes and encoded characters."
    });
  }
  return parts;
}

function isPlainPart(part: string): boolean {
  if (part === '' || part === '.' || part === '..' || part.length > longestPart) return false;
  if (/%(2e|2f|5c|00|25)/i.test(part) || part.includes('\\')) return false;
  for (const character of part) if (character < ' ' || character === '\u007f') return false;
  return !/^[A-Za-z]+:/.test(part);
}

/** Whether `path` is `folder` itself or lies below it; compares whole parts, so `model` does not contain `model-2` (T16). */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}
