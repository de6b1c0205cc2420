/** Formats of datasets. */
export const datasetFormats = ['csv', 'tsv', 'jsonl', 'parquet'] as const;
