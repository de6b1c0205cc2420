/** The row that a navigation key leads to; undefined for other keys. `rowsPerPage` is what fits on the screen. */
export function rowAfter(key: string, current: number, rowCount: number, rowsPerPage: number): number | undefined {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + rowsPerPage,
    PageUp: current - rowsPerPage,
    Home: 0,
    End: rowCount - 1
  };
  const target = targets[key];
  return target === undefined || rowCount === 0 ? undefined : Math.max(0, Math.min(rowCount - 1, target));
}

/** Index of the next row, after `current` and around, whose text starts with what was typed; -1: none. */
export function rowByPrefix(typed: string, current: number, rowCount: number, textOf: (index: number) => string): number {
  const prefix = typed.toLowerCase();
  for (let step = typed.length > 1 ? 0 : 1; step <= rowCount; step += 1) {
    const index = (current + step) % rowCount;
    if (textOf(index).toLowerCase().startsWith(prefix)) return index;
  }
  return -1;
}
