const most = 2_000;
const names = new Map<string, string>();

/** Remembers the name of a job that was on the screen, for the tab of its page: a URN holds only its id. */
export function rememberName({ id, name }: { readonly id: string; readonly name: string }): void {
  if (names.size >= most) names.clear();
  names.set(id, name);
}

export function knownName(id: string): string | undefined {
  return names.get(id);
}
