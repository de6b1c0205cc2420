export { backupCluster, restoreCluster } from './backup.ts';
export { databaseUrl, ensureDatabase } from './ensure-database.ts';
export { locatePostgres, type PostgresBinaries } from './locate.ts';
export { clusterPaths, type ClusterPaths } from './paths.ts';
export { startPostgres, stopPostgres, type RunningPostgres } from './server.ts';
