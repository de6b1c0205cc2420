/** A dataset name from the name of a file: its letters, digits, dots, dashes and underscores, without the extension. */
export function datasetNameOf(fileName: string): string {
  const bare = fileName.replace(/\.(?:csv|tsv|txt|jsonl?|ndjson|parquet|pq)$/i, '');
  return bare
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[-._]+$/g, '')
    .slice(0, 128);
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export function isDatasetName(name: string): boolean {
  return namePattern.test(name);
}

/** A file name the service takes: no folders, no leading dot. */
export function safeFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? name;
  return last.replace(/^\.+/, '').slice(-200) || 'file';
}
