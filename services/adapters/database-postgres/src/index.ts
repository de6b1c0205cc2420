export { createPostgresDatabase, type PostgresOptions } from './postgres-database.ts';
