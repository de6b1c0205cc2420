export { createDuckDbQueryEngine, type DuckDbOptions } from './duckdb-query-engine.ts';
export { createStaging } from './query-staging.ts';
