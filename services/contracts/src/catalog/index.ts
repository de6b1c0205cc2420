export { datasetFormats } from './formats.ts';
export { catalogRoutes } from './routes.ts';
export { uploadPartBytes } from './upload-routes.ts';
export { BlastRadius, LineageDirection, LineageEdge, LineageGraph, LineageNode } from './lineage-schemas.ts';
export {
  CheckResult,
  columnKinds,
  ColumnProfile,
  ColumnSchema,
  ContractCheck,
  ContractRun,
  ContractState,
  Dataset,
  DatasetContract,
  DatasetFacets,
  DatasetFormat,
  DatasetSummary,
  DatasetVersion,
  Mount,
  Preview,
  Profile,
  ResolvedMount,
  SchemaDrift,
  Upload,
  VersionFile,
  VersionReference,
  VersionState,
  VersionSummary
} from './schemas.ts';
