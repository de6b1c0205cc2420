const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/**
 * About how many tokens a model sees: one per Chinese, Japanese or Korean character, one per four other characters. Tokenizers differ;
 * this is for budgets, the model's own count is in the usage of an answer.
 */
export function estimateTokens(text: string): number {
  const characters = text.replace(/\s+/g, ' ').length;
  const wideCount = text.match(wide)?.length ?? 0;
  return Math.ceil(wideCount + (characters - wideCount) / 4);
}
