export interface StyledText {
  readonly text: string;
  /** Class names of the style; empty for plain text. */
  readonly className: string;
}

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
// Built from code points so that no control character stands in the source.
const escape = String.fromCharCode(27);
const bell = String.fromCharCode(7);
const sequences = new RegExp(`${escape}(?:\\[([0-9;]*)m|\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)|[@-Z\\\\-_])`, 'g');

/**
 * Splits one line of terminal output into styled pieces of plain text (ECMA-48 SGR: bold, the 8 + 8 colours); every other control sequence is dropped.
 * A carriage return starts the line again, as progress bars do. The result is text: nothing in it is ever markup.
 */
export function parseAnsi(line: string): readonly StyledText[] {
  const visible = afterLastReturn(line);
  const pieces: StyledText[] = [];
  let style: AnsiStyle = {};
  let start = 0;
  const push = (text: string): void => {
    if (text !== '') pieces.push({ text, className: classOf(style) });
  };
  for (const match of visible.matchAll(sequences)) {
    push(visible.slice(start, match.index));
    start = match.index + match[0].length;
    if (match[1] !== undefined) style = applied(style, match[1]);
  }
  push(visible.slice(start));
  return pieces;
}

interface AnsiStyle {
  readonly isBold?: boolean;
  readonly colour?: string;
}

function afterLastReturn(line: string): string {
  const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line;
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1);
}

function applied(style: AnsiStyle, parameters: string): AnsiStyle {
  let next = style;
  for (const code of parameters === '' ? [0] : parameters.split(';').map(Number)) {
    const colour = colours[code >= 90 ? code - 90 : code - 30];
    if (code === 0) next = {};
    else if (code === 1) next = { ...next, isBold: true };
    else if (code === 22) next = { ...next, isBold: false };
    else if (code === 39) next = next.isBold === undefined ? {} : { isBold: next.isBold };
    else if (colour !== undefined && code !== 38) next = { ...next, colour };
  }
  return next;
}

function classOf({ isBold, colour }: AnsiStyle): string {
  return [colour === undefined ? '' : `jp-Strata-ansi-${colour}`, isBold === true ? 'jp-Strata-ansi-bold' : ''].filter(name => name !== '').join(' ');
}
