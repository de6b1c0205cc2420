/** What one piece of a log says about how far the job is. */
export interface ParsedProgress {
  readonly fraction?: number;
  readonly message?: string;
  readonly etaSeconds?: number;
  readonly points: readonly { readonly name: string; readonly value: number; readonly step?: number }[];
}

const bar = /(?:^|\s|:)\s*(\d{1,3})%\|[^|]*\|\s*([\d.]+[kMG]?)\/([\d.]+[kMG]?)(?:\s*\[([\d:]+)<([\d:?]+))?/;
const epochWords = /\b(epoch|step|iteration|iter|round|batch)\b[\s:#[(]*(\d+)\s*(?:\/|of)\s*(\d+)/i;
const epochOnly = /\bEpoch[\s:]+(\d+)\b/;
const percent = /\b(?:progress|done|complete)[\s:=]+(\d{1,3}(?:\.\d+)?)\s*%/i;
const number = '[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?';
const pair = new RegExp(`(?:^|[\\s,{|[-])'?"?([A-Za-z_][A-Za-z0-9_/]{0,49})'?"?\\s*[:=]\\s*(${number})(?![\\w.:/%])`, 'g');
const known = /loss|acc|error|err$|auc|f1|precision|recall|score|rmse|mse|mae|r2|perplexity|^ppl$|bleu|^lr$|learning_rate|grad_norm|reward|throughput/i;
const longestLine = 2_000;

/**
 * Reads what common loggers write: tqdm bars (Lightning's too), `epoch 3/10` and `step 5 of 100`, Keras, the dictionaries of Hugging Face, and plain
 * `loss=0.12`. Numbers count as metrics only under names that metrics have. `undefined` when the line says nothing.
 */
export function parseProgressLine(raw: string): ParsedProgress | undefined {
  const line = raw.slice(0, longestLine).replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
  const found = barOf(line) ?? epochOf(line) ?? percentOf(line);
  const step = found?.step;
  const points = [...line.matchAll(pair)].flatMap(([, name, value]) =>
    name !== undefined && value !== undefined && known.test(name) && Number.isFinite(Number(value)) ? [{ name, value: Number(value), ...(step === undefined ? {} : { step }) }] : []
  );
  if (found === undefined && points.length === 0) return undefined;
  const { step: _step, ...progress } = found ?? {};
  return { ...progress, points };
}

interface Found {
  readonly fraction?: number;
  readonly message?: string;
  readonly etaSeconds?: number;
  readonly step?: number;
}

function barOf(line: string): Found | undefined {
  const match = bar.exec(line);
  if (match === null) return undefined;
  const [, share, done, total, , rest] = match;
  const etaSeconds = secondsOf(rest);
  const epoch = epochOnly.exec(line)?.[1];
  return {
    fraction: Math.min(1, Number(share) / 100),
    message: epoch === undefined ? `${done}/${total}` : `epoch ${epoch}, ${done}/${total}`,
    ...(etaSeconds === undefined ? {} : { etaSeconds })
  };
}

function epochOf(line: string): Found | undefined {
  const match = epochWords.exec(line);
  if (match === null) return undefined;
  const [, word = 'step', done, total] = match;
  const [at, all] = [Number(done), Number(total)];
  if (all === 0 || at > all) return undefined;
  // A batch is a part of something larger: it says nothing about the whole.
  if (word.toLowerCase() === 'batch') return undefined;
  return { fraction: at / all, message: `${word.toLowerCase()} ${at}/${all}`, step: at };
}

function percentOf(line: string): Found | undefined {
  const share = percent.exec(line)?.[1];
  return share === undefined || Number(share) > 100 ? undefined : { fraction: Number(share) / 100, message: `${share} %` };
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined || text.includes('?')) return undefined;
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** Splits a piece of a log at line ends and at carriage returns; `rest` is the line that is not finished. */
export function finishedLines(text: string): { readonly lines: readonly string[]; readonly restBytes: number } {
  const last = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
  const lines = text
    .slice(0, last + 1)
    .split(/[\r\n]+/)
    .filter(line => line.trim() !== '');
  return { lines, restBytes: new TextEncoder().encode(text.slice(last + 1)).length };
}
