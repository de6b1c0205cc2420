const newline = 0x0a;

/** Cuts a stream of bytes into lines, whatever the pieces are. A line above the limit is given up, and `onTooLong` says so once. */
export function createLineReader(options: { readonly longestBytes: number; readonly onLine: (line: string) => void; readonly onTooLong: () => void }) {
  let pieces: Buffer[] = [];
  let bytes = 0;
  let isGivenUp = false;
  const finish = (): void => {
    if (!isGivenUp && bytes > 0) options.onLine(Buffer.concat(pieces).toString('utf8'));
    pieces = [];
    bytes = 0;
    isGivenUp = false;
  };
  const keep = (piece: Buffer): void => {
    if (isGivenUp || piece.length === 0) return;
    bytes += piece.length;
    if (bytes <= options.longestBytes) return void pieces.push(piece);
    isGivenUp = true;
    pieces = [];
    options.onTooLong();
  };
  return (chunk: Buffer): void => {
    let from = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      keep(chunk.subarray(from, at));
      finish();
      from = at + 1;
    }
    keep(chunk.subarray(from));
  };
}
