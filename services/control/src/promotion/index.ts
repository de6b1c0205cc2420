export { manifestLine, parseManifestLine, type FileEntry, type ManifestEntry } from './manifest.ts';
export { movedTables, promotionRules, type MovedTable } from './moved-tables.ts';
export { countRows, prepareForRows, readRowText, type RowCount } from './row-text.ts';
export { readSchemaSteps, readTableFacts, type SchemaStepRow, type TableFacts } from './table-facts.ts';
