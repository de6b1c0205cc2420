import type { AnswerSentence, AnswerVerdict, Citation, CitationProblem } from '@stratalab/contracts/agents';
import { longestSharedRun, type SharedRun } from './shared-run.ts';
import { isStopWord } from './terms.ts';
import { sentencesOf, wordsOf, type Piece, type Word } from './words.ts';

export interface CitedPassage {
  readonly marker: number;
  readonly chunkId: string;
  readonly documentId: string;
  readonly documentName: string;
  readonly page: number | null;
  /** Where the chunk begins in its document. */
  readonly from: number;
  readonly text: string;
}

export interface CheckedAnswer {
  readonly citations: readonly Citation[];
  readonly sentences: readonly AnswerSentence[];
  readonly verdict: Exclude<AnswerVerdict, 'no-passages'>;
}

/** A citation holds when sentence and passage share this many words in a row, or the whole sentence where it is shorter. */
const runWords = 3;
/** A sentence is supported when this share of its telling words stands in one passage it cites. */
const supportShare = 0.5;
const markerPattern = /[[【]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]】]/g;

/**
 * Checks the citations of an answer by program, without a model. A citation `[n]` holds when passage n was given to the model and shares a
 * run of words with the sentence. A sentence is supported when a citation of it holds, half of its telling words stand in that passage, and
 * so does every number it states.
 */
export function checkCitations(answer: string, passages: readonly CitedPassage[]): CheckedAnswer {
  const prepared = passages.map(passage => prepare(passage));
  const citations: Citation[] = [];
  const sentences = splitSentences(answer).map(span => {
    const words = wordsOf(withoutMarkers(answer.slice(span.from, span.to)));
    const own = markersIn(answer, span).map(found => check(found, words, prepared));
    citations.push(...own);
    return judge({ span, words, citations: own, passages: prepared });
  });
  const supported = sentences.filter(sentence => sentence.isSupported).length;
  const verdict = sentences.length > 0 && supported === sentences.length ? 'cited' : supported > 0 ? 'partly-cited' : 'uncited';
  return { citations, sentences, verdict };
}

interface Prepared extends CitedPassage {
  readonly words: readonly Word[];
  readonly vocabulary: ReadonlySet<string>;
}

function prepare(passage: CitedPassage): Prepared {
  const words = wordsOf(passage.text);
  return { ...passage, words, vocabulary: new Set(words.map(word => word.word)) };
}

interface FoundMarker {
  readonly marker: number;
  readonly span: Piece;
}

/** Sentences of an answer; marks that follow a full stop belong to the sentence before them. */
function splitSentences(answer: string): Piece[] {
  const joined: { from: number; to: number }[] = [];
  for (const piece of sentencesOf(answer)) {
    const text = answer.slice(piece.from, piece.to);
    const leading = new RegExp(`^(?:${markerPattern.source}\\s*)+`).exec(text);
    const last = joined.at(-1);
    if (leading === null || last === undefined) {
      joined.push({ ...piece });
      continue;
    }
    last.to = piece.from + leading[0].trimEnd().length;
    const rest = piece.from + leading[0].length;
    if (wordsOf(answer.slice(rest, piece.to)).length > 0) joined.push({ from: rest, to: piece.to });
  }
  return joined.filter(piece => wordsOf(withoutMarkers(answer.slice(piece.from, piece.to))).length > 0);
}

function markersIn(answer: string, span: Piece): FoundMarker[] {
  return [...answer.slice(span.from, span.to).matchAll(markerPattern)].flatMap(match => {
    const from = span.from + match.index;
    return (match[1] ?? '').split(/[,，、]/).map(number => ({ marker: Number(number), span: { from, to: from + match[0].length } }));
  });
}

function withoutMarkers(text: string): string {
  return text.replace(markerPattern, match => ' '.repeat(match.length));
}

function check(found: FoundMarker, words: readonly Word[], passages: readonly Prepared[]): Citation {
  const passage = passages.find(candidate => candidate.marker === found.marker);
  const span = { ...found.span };
  if (passage === undefined) {
    const problem: CitationProblem = 'unknown-passage';
    return { marker: found.marker, span, isValid: false, problem, chunkId: null, documentId: null, documentName: null, page: null, quote: null, source: null };
  }
  const run = longestSharedRun(words, passage.words);
  const isValid = run !== undefined && holds(run, words);
  return {
    marker: found.marker,
    span,
    isValid,
    problem: isValid ? null : 'no-shared-text',
    chunkId: passage.chunkId,
    documentId: passage.documentId,
    documentName: passage.documentName,
    page: passage.page,
    quote: isValid ? passage.text.slice(run.from, run.to) : null,
    source: isValid ? { from: passage.from + run.from, to: passage.from + run.to } : null
  };
}

function holds(run: SharedRun, words: readonly Word[]): boolean {
  return run.words.length >= Math.min(runWords, words.length) && run.words.some(word => !isStopWord(word));
}

function judge(parts: { readonly span: Piece; readonly words: readonly Word[]; readonly citations: readonly Citation[]; readonly passages: readonly Prepared[] }): AnswerSentence {
  const telling = [...new Set(parts.words.map(word => word.word).filter(word => !isStopWord(word)))];
  const numbers = telling.filter(word => /\p{N}/u.test(word));
  const shares = parts.passages
    .map(passage => ({ passage, share: telling.length === 0 ? 0 : telling.filter(word => passage.vocabulary.has(word)).length / telling.length }))
    .sort((a, b) => b.share - a.share);
  const saysTheSame = shares.filter(({ passage, share }) => share >= supportShare && numbers.every(number => passage.vocabulary.has(number)));
  const supporting = saysTheSame.find(({ passage }) => parts.citations.some(citation => citation.isValid && citation.marker === passage.marker));
  return {
    span: { ...parts.span },
    isSupported: supporting !== undefined,
    markers: parts.citations.map(citation => citation.marker),
    supportedBy: (supporting ?? saysTheSame[0])?.passage.chunkId ?? null,
    overlap: (supporting ?? shares[0])?.share ?? 0
  };
}
