/** The newest lines of a log in bounded memory: the oldest go when there are too many lines or characters. */
export class LogBuffer {
  constructor(maxLines = 20_000, maxCharacters = 8_000_000) {
    this._maxLines = maxLines;
    this._maxCharacters = maxCharacters;
  }

  get lines(): readonly string[] {
    return this._tail === '' ? this._lines : [...this._lines, this._tail];
  }

  /** Lines that were let go since the beginning. */
  get droppedLines(): number {
    return this._droppedLines;
  }

  /** Appends a piece of the log, wherever it was cut. */
  append(text: string): void {
    const parts = (this._tail + text).split('\n');
    this._tail = parts.pop() ?? '';
    for (const line of parts) this._characters += line.length + 1;
    this._lines = this._lines.concat(parts);
    let drop = Math.max(0, this._lines.length - this._maxLines);
    let characters = this._characters;
    for (let index = 0; index < drop; index += 1) characters -= (this._lines[index]?.length ?? 0) + 1;
    while (characters > this._maxCharacters && drop < this._lines.length - 1) {
      characters -= (this._lines[drop]?.length ?? 0) + 1;
      drop += 1;
    }
    if (drop > 0) this._lines = this._lines.slice(drop);
    this._droppedLines += drop;
    this._characters = characters;
    if (this._tail.length > this._maxCharacters) this._tail = this._tail.slice(-this._maxCharacters);
  }

  private readonly _maxLines: number;
  private readonly _maxCharacters: number;
  private _lines: readonly string[] = [];
  private _tail = '';
  private _characters = 0;
  private _droppedLines = 0;
}
