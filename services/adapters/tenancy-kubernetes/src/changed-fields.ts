/** Parts of an object that the cluster writes by itself. */
const notOurs = new Set(['status', 'managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'uid', 'annotations', 'selfLink']);
const mostFields = 20;

/** Dotted names of the fields in which two states of an object differ, without what the cluster keeps in it; at most 20. */
export function changedFields(before: unknown, after: unknown): readonly string[] {
  const found: string[] = [];
  collect(before, after, '', found);
  return found.slice(0, mostFields);
}

function collect(before: unknown, after: unknown, path: string, found: string[]): void {
  if (isRecord(before) && isRecord(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (!notOurs.has(name)) collect(before[name], after[name], path === '' ? name : `${path}.${name}`, found);
    }
    return;
  }
  if (JSON.stringify(before) !== JSON.stringify(after)) found.push(path);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
