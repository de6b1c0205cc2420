import type { DatasetFormat } from '@stratalab/contracts/catalog';

/** What code needs to know of a version. */
export interface SnippetSource {
  readonly dataset: string;
  readonly version: string;
  readonly format: DatasetFormat;
  readonly fileCount: number;
}

export interface TitledSnippet {
  readonly title: string;
  readonly code: string;
}

/** A Python name for a dataset: letters, digits and underscores, never a keyword. */
export function variableOf(dataset: string): string {
  const name = dataset.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '');
  if (name === '') return 'data';
  return /^[0-9]/.test(name) || keywords.has(name) ? `data_${name}` : name;
}

const keywords = new Set([
  'class',
  'def',
  'for',
  'from',
  'global',
  'if',
  'import',
  'in',
  'is',
  'lambda',
  'not',
  'or',
  'pass',
  'print',
  'return',
  'try',
  'while',
  'with',
  'yield',
  'and',
  'as',
  'del'
]);

/** A text as a Python literal. */
export function python(text: string): string {
  return JSON.stringify(text);
}

const patterns: Readonly<Record<DatasetFormat, string>> = { csv: '*', tsv: '*', jsonl: '*', parquet: '*.parquet' };

/** Mounts the version in the workspace of the notebook and keeps its path: the same line works anywhere. */
function mountLines({ dataset, version }: SnippetSource): string {
  return `%load_ext stratalab\npath = %dataset ${dataset}@${version}`;
}

function pandasRead(source: SnippetSource, column?: string): string {
  const variable = variableOf(source.dataset);
  const chosen = column === undefined ? undefined : `[${python(column)}]`;
  if (source.format === 'parquet') return `${variable} = pd.read_parquet(path${chosen === undefined ? '' : `, columns=${chosen}`})`;
  const options = [...(source.format === 'tsv' ? ['sep="\\t"'] : []), ...(source.format !== 'jsonl' && chosen !== undefined ? [`usecols=${chosen}`] : [])];
  const call = source.format === 'jsonl' ? 'pd.read_json(file, lines=True)' : `pd.read_csv(file${options.map(option => `, ${option}`).join('')})`;
  return `${variable} = pd.concat(${call} for file in sorted(Path(path).rglob("*")) if file.is_file())`;
}

function pandasImports(source: SnippetSource): string {
  return source.format === 'parquet' ? 'import pandas as pd' : 'from pathlib import Path\nimport pandas as pd';
}

/** The cell that reads a dataset. */
export function datasetCell(source: SnippetSource): string {
  return `${mountLines(source)}\n${pandasImports(source)}\n\n${pandasRead(source)}\n${variableOf(source.dataset)}.head()`;
}

/** The cell that looks at one column of a dataset. */
export function columnCell(source: SnippetSource, column: string): string {
  return `${mountLines(source)}\n${pandasImports(source)}\n\n${pandasRead(source, column)}\n${variableOf(source.dataset)}[${python(column)}].describe()`;
}

/** Ways to read a version, each whole in itself. */
export function snippetsOf(source: SnippetSource): readonly TitledSnippet[] {
  const variable = variableOf(source.dataset);
  const files = `f"{path}/**/${patterns[source.format]}"`;
  const duck = {
    parquet: `read_parquet('{path}/**/*.parquet')`,
    csv: `read_csv('{path}/**/*')`,
    tsv: `read_csv('{path}/**/*', delim = '\\t')`,
    jsonl: `read_json('{path}/**/*', format = 'nd')`
  };
  const polars = { parquet: `pl.scan_parquet(${files})`, csv: `pl.scan_csv(${files})`, tsv: `pl.scan_csv(${files}, separator="\\t")`, jsonl: `pl.scan_ndjson(${files})` };
  const arrow = {
    parquet: 'ds.dataset(path, format="parquet")',
    csv: 'ds.dataset(path, format="csv")',
    tsv: 'ds.dataset(path, format=ds.CsvFileFormat(csv.ParseOptions(delimiter="\\t")))',
    jsonl: 'ds.dataset(path, format="json")'
  };
  const mount = mountLines(source);
  return [
    { title: 'pandas', code: datasetCell(source) },
    { title: 'DuckDB', code: `${mount}\nimport duckdb\n\nduckdb.sql(f"""select * from ${duck[source.format]} limit 10""").df()` },
    {
      title: 'PyArrow',
      code: `${mount}\nimport pyarrow.dataset as ds${source.format === 'tsv' ? '\nfrom pyarrow import csv' : ''}\n\n${variable} = ${arrow[source.format]}\n${variable}.head(10).to_pandas()`
    },
    { title: 'Polars', code: `${mount}\nimport polars as pl\n\n${variable} = ${polars[source.format]}\n${variable}.head(10).collect()` },
    { title: '%dataset', code: `%load_ext stratalab\n%dataset ${source.dataset}@${source.version}` }
  ];
}
