import { wordsOf } from './words.ts';

/** Words that stand in most passages and tell nothing about them. */
const stopWords = new Set(
  (
    'a about after all also am an and any are as at be because been before being but by can could did do does doing down for from further had has have having he her here hers him his how ' +
    'i if in into is it its itself just me more most my no nor not now of off on once only or other our out over own same she should so some such than that the their them then there these they ' +
    'this those through to too under until up very was we were what when where which while who whom why will with would you your ' +
    '的 了 是 在 和 与 及 或 也 都 就 而 被 把 对 从 到 这 那 有 个 吗 呢 吧 啊 我 你 他 她 它 们 我们 你们 他们 什么 怎么 如何 哪些 哪里 多少 请 一个 可以 以及'
  ).split(' ')
);

const han = /\p{Script=Han}/u;
const latinWord = /^[a-z]+$/;
const longestTerm = 64;

/** True for words the keyword index leaves out. */
export function isStopWord(word: string): boolean {
  return stopWords.has(word);
}

/**
 * Terms of the keyword index, in the order of the text, with repetitions. English plurals are folded (Harman's S-stemmer). Chinese gives
 * pairs of neighbouring characters, because a dictionary cuts the same word differently in other company.
 */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  let run = '';
  let runEnd = -1;
  const flush = (): void => {
    terms.push(...pairsOf(run));
    run = '';
  };
  for (const { word, from, to } of wordsOf(text)) {
    if (from !== runEnd) flush();
    if (han.test(word)) {
      run += word;
      runEnd = to;
      continue;
    }
    flush();
    if (!isStopWord(word) && word.length <= longestTerm) terms.push(latinWord.test(word) ? singular(word) : word);
  }
  flush();
  return terms;
}

/** Particles: no word begins or ends with them. */
const particles = /[的了吗呢吧啊]/;

function pairsOf(run: string): string[] {
  return run.split(particles).flatMap(part => {
    const characters = [...part];
    if (characters.length === 1) return isStopWord(part) ? [] : characters;
    return characters.slice(1).flatMap((character, at) => {
      const pair = `${characters[at] ?? ''}${character}`;
      return isStopWord(pair) ? [] : [pair];
    });
  });
}

/** How often each term stands in a text. */
export function countTerms(terms: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

function singular(word: string): string {
  if (word.length < 4) return word;
  if (word.endsWith('ies') && !/[ae]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (word.endsWith('es') && !/[aeo]es$/.test(word)) return word.slice(0, -1);
  if (word.endsWith('s') && !/[us]s$/.test(word)) return word.slice(0, -1);
  return word;
}
