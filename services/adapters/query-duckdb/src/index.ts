export { createDuckDbQueryEngine, type DuckDbOptions } from './duckdb-query-engine.ts';
