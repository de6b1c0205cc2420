/** What a dataset is found by. */
export interface SearchDocument {
  readonly name: string;
  readonly columns: readonly string[];
  readonly tags: readonly string[];
  readonly owner: string;
  readonly description: string;
}

const highestTerms = 8_000;
const longestTerm = 80;
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** Words of a text in lower case: camelCase and snake_case are taken apart, scripts without spaces become single characters and pairs. */
export function termsOf(text: string): string[] {
  const spaced = text
    .normalize('NFKC')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .toLowerCase();
  return spaced.split(/[^\p{L}\p{N}]+/u).flatMap(word => (word === '' ? [] : cjk.test(word) ? pairsOf(word) : [word.slice(0, longestTerm)]));
}

function pairsOf(word: string): string[] {
  const letters = [...word];
  return letters.flatMap((letter, index) => {
    const next = letters[index + 1];
    return next === undefined ? [letter] : [letter, letter + next];
  });
}

/** The text of a `tsvector`: name A, columns B, tags and owner C, description D; the whole name is a word of its own. */
export function searchVector(document: SearchDocument): string {
  const weighted: readonly (readonly [string, readonly string[]])[] = [
    ['A', [...termsOf(document.name), document.name.toLowerCase().slice(0, longestTerm)]],
    ['B', document.columns.flatMap(column => [...termsOf(column), column.toLowerCase().slice(0, longestTerm)])],
    ['C', [...document.tags, document.owner].flatMap(termsOf)],
    ['D', termsOf(document.description)]
  ];
  const best = new Map<string, string>();
  for (const [weight, terms] of weighted) {
    for (const term of terms) if (!best.has(term) && best.size < highestTerms) best.set(term, weight);
  }
  return [...best].map(([term, weight]) => `${quoted(term)}:1${weight}`).join(' ');
}

/** The text of a `tsquery`: every word of the query as a prefix; `undefined` when it has no words. */
export function searchQuery(query: string): string | undefined {
  const terms = termsOf(query).slice(0, 12);
  return terms.length === 0 ? undefined : [...new Set(terms)].map(term => `${quoted(term)}:*`).join(' & ');
}

function quoted(term: string): string {
  return `'${term.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** Letters and digits of a name, for near misses. */
export function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .slice(0, 128);
}

/** Distinct trigrams of a folded name. */
export function gramsOf(text: string): string[] {
  const letters = [...folded(text)];
  return [...new Set(letters.slice(0, -2).map((letter, index) => `${letter}${letters[index + 1] ?? ''}${letters[index + 2] ?? ''}`))];
}

/** Edits that still count as the same word: none below four letters, one at four, two above. */
export function editsFor(text: string): number {
  const { length } = folded(text);
  return length < 4 ? 0 : length === 4 ? 1 : 2;
}

/** Is the query, within its edits, the name, a word of the name, or (within one) the beginning of the name? */
export function isNearMiss(query: string, name: string): boolean {
  const asked = folded(query);
  const edits = editsFor(query);
  if (edits === 0) return false;
  const whole = distances(asked, folded(name));
  if ((whole.at(-1) ?? 0) <= edits || Math.min(...whole) <= 1) return true;
  return termsOf(name).some(word => (distances(asked, word).at(-1) ?? 0) <= edits);
}

/** Edit distances of a text to every beginning of another, with swaps of neighbours (optimal string alignment); the last is to the whole. */
function distances(one: string, other: string): readonly number[] {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_unused, index) => index)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const cost = one[i - 1] === other[j - 1] ? 0 : 1;
      let best = Math.min(at(rows, i - 1, j) + 1, (row[j - 1] ?? 0) + 1, at(rows, i - 1, j - 1) + cost);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) best = Math.min(best, at(rows, i - 2, j - 2) + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows.at(-1) ?? [];
}

function at(rows: readonly (readonly number[])[], row: number, column: number): number {
  return rows[row]?.[column] ?? 0;
}
