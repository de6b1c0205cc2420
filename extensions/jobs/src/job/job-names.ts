const key = 'stratalab:job-names';
const most = 200;
let names: Map<string, string> | undefined;

function read(): Map<string, string> {
  try {
    return new Map(Object.entries(JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, string>));
  } catch {
    return new Map();
  }
}

/** Remembers the name of a job that was on the screen, for the tab of its page: a URN holds only its id. Kept over a reload. */
export function rememberName({ id, name }: { readonly id: string; readonly name: string }): void {
  names ??= read();
  if (names.get(id) === name) return;
  names.set(id, name);
  const oldest = names.keys().next();
  if (names.size > most && oldest.done !== true) names.delete(oldest.value);
  localStorage.setItem(key, JSON.stringify(Object.fromEntries(names)));
}

export function knownName(id: string): string | undefined {
  names ??= read();
  return names.get(id);
}
