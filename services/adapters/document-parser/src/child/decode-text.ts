const replacement = '\uFFFD';
/** Control characters, zero-width and direction marks, tag characters: nobody sees them, so no model shall read them. */
const invisible = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]|[\u{E0000}-\u{E007F}]/gu;

/**
 * Text of bytes in an unknown encoding: a byte order mark decides, then the encoding the document declares, then UTF-8 if it is valid,
 * then GB 18030 if that gives mostly Chinese, else Windows-1252.
 */
export function decodeText(bytes: Uint8Array, declared?: string): string {
  return (
    decodeByMark(bytes) ??
    (declared === undefined ? undefined : decodeStrictly(bytes, declared)) ??
    decodeStrictly(bytes, 'utf-8') ??
    decodeIfChinese(bytes) ??
    new TextDecoder('windows-1252').decode(bytes)
  );
}

/** Line ends become `\n`, invisible characters go, halves of surrogate pairs become replacement characters. */
export function cleanText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(invisible, '').toWellFormed().normalize('NFC');
}

function decodeByMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder('utf-8').decode(bytes);
  return undefined;
}

function decodeStrictly(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // Unknown name, or bytes that are not of this encoding: the next guess decides.
    return undefined;
  }
}

function decodeIfChinese(bytes: Uint8Array): string | undefined {
  const text = decodeStrictly(bytes, 'gb18030');
  if (text === undefined || text.includes(replacement)) return undefined;
  const letters = text.match(/[^\u0000-\u007F]/gu) ?? [];
  const chinese = letters.filter(letter => /\p{Script=Han}|[\u3000-\u303F\uFF00-\uFFEF]/u.test(letter));
  return letters.length > 0 && chinese.length / letters.length > 0.9 ? text : undefined;
}
