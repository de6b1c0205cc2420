export interface PdfLine {
  readonly text: string;
  readonly y: number;
  readonly height: number;
}

interface Paragraph {
  readonly text: string;
  /** 1 or 2 for headings, 0 for text. */
  readonly level: number;
}

interface PdfItem {
  readonly str: string;
  readonly hasEOL: boolean;
  readonly height: number;
  readonly transform: readonly number[];
}

/** Lines of one page from the runs of letters pdf.js gives. */
export function linesOf(items: readonly object[]): PdfLine[] {
  const lines: { text: string; y: number; height: number }[] = [];
  let isOpen = false;
  for (const item of items) {
    if (!isRun(item)) continue;
    const y = item.transform[5] ?? 0;
    const current = lines.at(-1);
    if (isOpen && current !== undefined && (item.str === '' || Math.abs(current.y - y) < Math.max(current.height, item.height) / 2)) {
      current.text += item.str;
      current.height = Math.max(current.height, item.height);
    } else if (item.str.trim() !== '') {
      lines.push({ text: item.str, y, height: item.height });
      isOpen = true;
    }
    if (item.hasEOL) isOpen = false;
  }
  return lines;
}

/** Joins lines into paragraphs: a wide gap or a change of letter size separates; words divided at a line end are joined. */
export function paragraphsOf(lines: readonly PdfLine[], bodyHeight: number): Paragraph[] {
  const paragraphs: { text: string; level: number }[] = [];
  let previous: PdfLine | undefined;
  for (const line of lines) {
    const level = levelOf(line, bodyHeight);
    const current = paragraphs.at(-1);
    const gap = previous === undefined ? 0 : previous.y - line.y;
    const isSame = current !== undefined && previous !== undefined && current.level === level && gap >= 0 && gap <= Math.max(previous.height, line.height) * 1.75;
    if (isSame) current.text = joinLines(current.text, line.text);
    else paragraphs.push({ text: line.text, level });
    previous = line;
  }
  return paragraphs;
}

function levelOf(line: PdfLine, bodyHeight: number): number {
  if (line.text.length > 160 || line.height <= bodyHeight * 1.12) return 0;
  return line.height > bodyHeight * 1.5 ? 1 : 2;
}

function joinLines(before: string, after: string): string {
  const head = before.trimEnd();
  const tail = after.trimStart();
  if (/\p{L}-$/u.test(head) && /^\p{Ll}/u.test(tail)) return head.slice(0, -1) + tail;
  const isChinese = /\p{Script=Han}$/u.test(head) && /^\p{Script=Han}/u.test(tail);
  return head + (isChinese ? '' : ' ') + tail;
}

function isRun(item: object): item is PdfItem {
  return 'str' in item && typeof item.str === 'string' && 'height' in item && 'transform' in item && Array.isArray(item.transform);
}
