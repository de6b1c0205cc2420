export { backupCluster, dumpDatabase, restoreDump, verifyCluster } from './backup.ts';
export { databaseUrl, ensureDatabase } from './ensure-database.ts';
export { keepPostgresRunning, type KeepRunningOptions } from './keep-running.ts';
export { locatePostgres, type PostgresBinaries } from './locate.ts';
export { clusterPaths, type ClusterPaths } from './paths.ts';
export { checkServerByUrl } from './server-by-url.ts';
export { spawnServerProgram } from './run-as.ts';
export { isPostgresRunning, startPostgres, stopPostgres, type RunningPostgres } from './server.ts';
