import { isMap, isNode, isScalar, parseDocument, type Pair, type YAMLMap } from 'yaml';

export interface DescribedValue {
  /** `gateway.autoscaling.enabled` */
  readonly path: string;
  readonly fallback: string;
  readonly description: string;
}

const mark = ' -- ';

/** Every value of a values.yaml with its default and the `# -- …` comment above it. @throws Error naming a value that nobody described */
export function describeValues(text: string): readonly DescribedValue[] {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) throw new Error('values.yaml holds no map.');
  return [...valuesOf(contents, '')];
}

function* valuesOf(map: YAMLMap, prefix: string): Generator<DescribedValue> {
  let isFirst = true;
  for (const pair of map.items) {
    const path = `${prefix}${String(isScalar(pair.key) ? pair.key.value : pair.key)}`;
    const description = descriptionOf(pair, isFirst ? map : undefined);
    isFirst = false;
    if (description !== undefined) yield { path, description, fallback: JSON.stringify(isNode(pair.value) ? pair.value.toJSON() : pair.value) };
    else if (isMap(pair.value) && pair.value.items.length > 0) yield* valuesOf(pair.value, `${path}.`);
    else throw new Error(`The value ${path} is described by no comment '# -- …' above it.`);
  }
}

/** The parser gives the comment above the first entry of a map to the map itself. */
function descriptionOf(pair: Pair, first: YAMLMap | undefined): string | undefined {
  const above = isScalar(pair.key) ? (pair.key.commentBefore ?? first?.commentBefore) : undefined;
  const line = above
    ?.split('\n')
    .filter(part => part.startsWith(mark))
    .at(-1);
  return line?.slice(mark.length).trim();
}

/** README of the chart: what it is, and a table of all values. */
export function chartReadme(text: string, version: string): string {
  const rows = describeValues(text).map(({ path, fallback, description }) => `| \`${path}\` | \`${fallback.replaceAll('|', '\\|')}\` | ${description.replaceAll('|', '\\|')} |`);
  return `# The Stratalab chart

Version ${version}. How to install, upgrade, back up and size it: [Install on Kubernetes](../../docs/install-on-kubernetes.md).

\`\`\`sh
helm install stratalab deploy/chart --namespace stratalab --create-namespace --values my-values.yaml
\`\`\`

Values are checked by \`values.schema.json\`: an unknown name or a value that makes no sense stops the installation before anything is made. This file is made from the
comments of \`values.yaml\` by \`node deploy/dev-cluster/src/chart/write-chart.ts\`.

| value | default | what it is |
| --- | --- | --- |
${rows.join('\n')}
`;
}
