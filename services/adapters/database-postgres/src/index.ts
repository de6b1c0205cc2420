export { createPostgresDatabase, type PostgresOptions } from './postgres-database.ts';
export { inspectDatabase, type DatabaseFacts } from './inspect.ts';
