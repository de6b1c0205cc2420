import type { DatasetVersion } from '@stratalab/contracts/catalog';
import type { SnippetSource } from '../code/snippets';

/** What snippets need of a version; undefined while its format is not known. */
export function sourceOf(version: DatasetVersion): SnippetSource | undefined {
  const { dataset, format, fileCount } = version;
  return format === null || version.state === 'failed' ? undefined : { dataset, format, fileCount, version: version.version };
}
