import { createHash } from 'node:crypto';

const plain = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const mark = '--';
const keptLetters = 9;
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * The folder name of a user: a DNS-1123 label of at most 63 characters, never the same for two names.
 * The same rule as the Hub's (`stratalab_hub.slugs`), which makes the folder: a name that is such a label stays as it is; every other one becomes
 * a few of its letters, two dashes and its whole SHA-256 in base32.
 */
export function slug(name: string): string {
  if (plain.test(name) && !name.includes(mark)) return name;
  const letters = name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, keptLetters);
  return `${letters === '' ? 'x' : letters}${mark}${base32(createHash('sha256').update(name, 'utf8').digest())}`;
}

/** RFC 4648 base32 in lower case, without padding. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(buffer >> bits) & 31] ?? '';
    }
    buffer &= (1 << bits) - 1;
  }
  return bits > 0 ? text + (alphabet[(buffer << (5 - bits)) & 31] ?? '') : text;
}
