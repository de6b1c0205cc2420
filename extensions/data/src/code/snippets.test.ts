import { datasetNameOf, isDatasetName, safeFileName } from '../upload/file-names';
import { columnCell, datasetCell, snippetsOf, variableOf } from './snippets';

const flights = { dataset: 'nyc-flights', version: '2', format: 'parquet', fileCount: 1 } as const;

describe('code for a dataset', () => {
  it('mounts the version and reads it', () => {
    expect(datasetCell(flights)).toBe('%load_ext stratalab\npath = %dataset nyc-flights@2\nimport pandas as pd\n\nnyc_flights = pd.read_parquet(path)\nnyc_flights.head()');
    expect(datasetCell({ ...flights, format: 'tsv' })).toContain('pd.read_csv(file, sep="\\t")');
  });

  it('reads one column only, whatever it is called', () => {
    const code = columnCell(flights, 'a "b"\n');
    expect(code).toContain('columns=["a \\"b\\"\\n"]');
    expect(code).toContain('nyc_flights["a \\"b\\"\\n"].describe()');
    expect(columnCell({ ...flights, format: 'csv' }, 'x')).toContain('usecols=["x"]');
  });

  it.each([
    ['nyc-flights.2013', 'nyc_flights_2013'],
    ['2013-flights', 'data_2013_flights'],
    ['class', 'data_class'],
    ['---', 'data']
  ])('%s is %s in Python', (dataset, name) => {
    expect(variableOf(dataset)).toBe(name);
  });

  it('has a way for each library', () => {
    for (const format of ['csv', 'tsv', 'jsonl', 'parquet'] as const) {
      expect(snippetsOf({ ...flights, format }).map(({ title }) => title)).toEqual(['pandas', 'DuckDB', 'PyArrow', 'Polars', '%dataset']);
    }
  });
});

describe('names for an upload', () => {
  it.each([
    ['Sales 2024 (final).csv', 'Sales-2024-final'],
    ['.hidden.parquet', 'hidden'],
    ['città.tsv', 'citta'],
    ['王伟.csv', '']
  ])('%s becomes %s', (file, name) => {
    expect(datasetNameOf(file)).toBe(name);
    if (name !== '') expect(isDatasetName(name)).toBe(true);
  });

  it('leaves no folder and no leading dot in the name of a file', () => {
    expect(safeFileName('C:\\data\\..\\.x.csv')).toBe('x.csv');
    expect(safeFileName('a/b/c.csv')).toBe('c.csv');
    expect(safeFileName('...')).toBe('file');
  });
});
