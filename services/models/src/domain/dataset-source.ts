import { formatUrn } from '@stratalab/contracts';

/** A mounted version has the same path everywhere: `…/datasets/<name>@<version>`. */
const mountPattern = /(?:^|[/"])datasets\/([A-Za-z0-9][A-Za-z0-9._-]{0,127})@([0-9]{1,9})(?:[/"]|$)/;

/** The dataset version that a data set of MLflow was read from, when its source lies in a mount of the platform. */
export function datasetOfSource(tenant: string, source: string): string | undefined {
  const match = mountPattern.exec(source);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return formatUrn({ tenant, kind: 'dataset', name: match[1], version: match[2] });
}
