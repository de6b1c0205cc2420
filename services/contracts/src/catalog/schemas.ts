import { Type, type Static } from 'typebox';
import { choice, closed, Description, Id, nullable, ObjectName, Subject, Tag, Timestamp } from '../fields.ts';
import { UrnText } from '../urn-text.ts';
import { datasetFormats } from './formats.ts';

export const DatasetFormat = choice(datasetFormats, { description: 'Found by reading the bytes, never taken from a file name' });
export type DatasetFormat = Static<typeof DatasetFormat>;

/** Version number as text, as it stands in the URN: `1`, `2`, …; never reused. */
export const VersionNumber = Type.String({ pattern: '^[1-9][0-9]{0,8}$', maxLength: 9, description: 'Counts from 1 inside the dataset' });
export const VersionOrLatest = Type.String({ pattern: '^([1-9][0-9]{0,8}|latest)$', maxLength: 9, description: 'A version number, or `latest`' });

export const columnKinds = ['number', 'text', 'time', 'boolean', 'nested', 'other'] as const;
export const ColumnSchema = closed(
  { name: Type.String(), type: Type.String({ description: 'SQL type, as DuckDB writes it' }), kind: choice(columnKinds) },
  { $id: 'ColumnSchema' }
);
export type ColumnSchema = Static<typeof ColumnSchema>;

export const versionStates = ['preparing', 'ready', 'failed'] as const;
export const VersionState = choice(versionStates, {
  description: 'preparing: the bytes are being taken in or described; ready: schema and row count are known; failed: could not be read'
});
export type VersionState = Static<typeof VersionState>;

export const contractStates = ['none', 'pending', 'passed', 'failed'] as const;
export const ContractState = choice(contractStates, { description: 'State of the latest version against the contract of the dataset' });
export type ContractState = Static<typeof ContractState>;

/** One row of a list or search result; at most 1 KB on the wire. */
export const DatasetSummary = closed(
  {
    name: ObjectName,
    urn: UrnText,
    excerpt: Type.String({ description: 'First 160 characters of the description' }),
    tags: Type.Array(Tag, { description: 'At most the first six' }),
    owner: Subject,
    updatedAt: Timestamp,
    latestVersion: nullable(VersionNumber),
    state: nullable(VersionState),
    format: nullable(DatasetFormat),
    rowCount: nullable(Type.Integer({ minimum: 0 })),
    sizeBytes: nullable(Type.Integer({ minimum: 0 })),
    columnCount: nullable(Type.Integer({ minimum: 0 })),
    contractState: ContractState,
    isSample: Type.Boolean(),
    matchedColumns: Type.Array(Type.String(), { description: 'Columns that made it a hit of the search; at most three' })
  },
  { $id: 'DatasetSummary' }
);
export type DatasetSummary = Static<typeof DatasetSummary>;

export const FacetValue = closed({ value: Type.String(), count: Type.Integer({ minimum: 0 }) });
export const DatasetFacets = closed(
  {
    total: Type.Integer({ minimum: 0 }),
    formats: Type.Array(FacetValue),
    owners: Type.Array(FacetValue),
    tags: Type.Array(FacetValue),
    contracts: Type.Array(FacetValue)
  },
  { $id: 'DatasetFacets', description: 'Counts of what the same filters find; each list holds the 20 most frequent values' }
);
export type DatasetFacets = Static<typeof DatasetFacets>;

export const originKinds = ['upload', 'folder', 'output', 'sample'] as const;
export const VersionOrigin = closed(
  {
    kind: choice(originKinds),
    producerUrn: nullable(UrnText),
    path: nullable(Type.String({ description: 'Folder below the home of the person who registered it' }))
  },
  { $id: 'VersionOrigin' }
);
export const VersionFile = closed({ name: Type.String(), sizeBytes: Type.Integer({ minimum: 0 }), sha256: nullable(Type.String()) }, { $id: 'VersionFile' });
export type VersionFile = Static<typeof VersionFile>;

const versionFields = {
  dataset: ObjectName,
  version: VersionNumber,
  urn: UrnText,
  state: VersionState,
  stateMessage: nullable(Type.String({ description: 'Why it failed, in plain words' })),
  format: nullable(DatasetFormat),
  sizeBytes: Type.Integer({ minimum: 0 }),
  rowCount: nullable(Type.Integer({ minimum: 0 })),
  columnCount: nullable(Type.Integer({ minimum: 0 })),
  fileCount: Type.Integer({ minimum: 0 }),
  createdAt: Timestamp,
  createdBy: Subject,
  origin: VersionOrigin
};
export const VersionSummary = closed(versionFields, { $id: 'DatasetVersionSummary' });
export type VersionSummary = Static<typeof VersionSummary>;

export const SchemaDrift = closed(
  {
    previousVersion: VersionNumber,
    added: Type.Array(Type.String()),
    removed: Type.Array(Type.String()),
    retyped: Type.Array(closed({ name: Type.String(), from: Type.String(), to: Type.String() }))
  },
  { $id: 'SchemaDrift', description: 'How the columns differ from the version before' }
);
export type SchemaDrift = Static<typeof SchemaDrift>;

export const DatasetVersion = closed(
  { ...versionFields, columns: Type.Array(ColumnSchema), files: Type.Array(VersionFile), drift: nullable(SchemaDrift) },
  { $id: 'DatasetVersion' }
);
export type DatasetVersion = Static<typeof DatasetVersion>;

export const Mount = closed(
  {
    dataset: ObjectName,
    version: VersionNumber,
    urn: UrnText,
    mountName: Type.String({ description: 'Name below `~/datasets`, `<name>@<version>`' }),
    path: Type.String({ description: 'Path as the workspace and jobs see it, starting with `~/`' }),
    createdAt: Timestamp
  },
  { $id: 'Mount' }
);
export type Mount = Static<typeof Mount>;

export const Dataset = closed(
  {
    name: ObjectName,
    urn: UrnText,
    description: Description,
    tags: Type.Array(Tag),
    owner: Subject,
    createdAt: Timestamp,
    updatedAt: Timestamp,
    isSample: Type.Boolean(),
    versionCount: Type.Integer({ minimum: 0 }),
    contractState: ContractState,
    latest: nullable(DatasetVersion),
    mount: nullable(Mount)
  },
  { $id: 'Dataset', description: '`latest` is the newest version that did not fail (the newest of all when every one did); `mount` is the mount of the caller' }
);
export type Dataset = Static<typeof Dataset>;

/** What one publication is known by; the answer of everything that makes a version. */
export const VersionReference = closed({ name: ObjectName, version: VersionNumber, urn: UrnText }, { $id: 'DatasetVersionReference' });
export type VersionReference = Static<typeof VersionReference>;

/** A plain file name: one path segment, no leading dot, no control characters. */
export const FileName = Type.String({ pattern: '^[^./\\\\\\u0000-\\u001f][^/\\\\\\u0000-\\u001f]{0,199}$', minLength: 1, maxLength: 200 });
export const UploadFile = closed({ name: FileName, sizeBytes: Type.Integer({ minimum: 1, maximum: 1e12 }), receivedBytes: Type.Integer({ minimum: 0 }) });
export const Upload = closed(
  {
    id: Id,
    dataset: ObjectName,
    state: choice(['open', 'completed', 'cancelled']),
    files: Type.Array(UploadFile),
    partBytes: Type.Integer({ description: 'Largest part the service takes' }),
    createdBy: Subject,
    createdAt: Timestamp,
    expiresAt: Timestamp,
    version: nullable(VersionNumber)
  },
  { $id: 'Upload', description: 'Goes on from `receivedBytes` of each file after any interruption; dropped a day after the last part' }
);
export type Upload = Static<typeof Upload>;

export const Preview = closed(
  {
    columns: Type.Array(ColumnSchema),
    rows: Type.Array(Type.Array(Type.Unknown()), { description: 'Cells in the order of `columns`; long texts are cut' }),
    offset: Type.Integer({ minimum: 0 }),
    rowCount: nullable(Type.Integer({ minimum: 0 })),
    isTruncated: Type.Boolean({ description: 'The page was cut to stay below 1 MB' })
  },
  { $id: 'Preview' }
);
export type Preview = Static<typeof Preview>;

export const HistogramBin = closed({ from: Type.String(), to: Type.String(), count: Type.Integer({ minimum: 0 }) });
export const TopValue = closed({ value: Type.String(), count: Type.Integer({ minimum: 0 }) });
export const ColumnProfile = closed(
  {
    name: Type.String(),
    type: Type.String(),
    kind: choice(columnKinds),
    count: Type.Integer({ minimum: 0, description: 'Rows looked at' }),
    nullCount: Type.Integer({ minimum: 0 }),
    distinctCount: nullable(Type.Integer({ minimum: 0, description: 'Approximate above some thousand' })),
    min: nullable(Type.String()),
    max: nullable(Type.String()),
    mean: nullable(Type.Number()),
    deviation: nullable(Type.Number({ description: 'Standard deviation' })),
    histogram: nullable(Type.Array(HistogramBin, { description: 'Ten bins of equal width; numbers and times' })),
    topValues: nullable(Type.Array(TopValue, { description: 'The ten most frequent; texts and booleans' }))
  },
  { $id: 'ColumnProfile' }
);
export type ColumnProfile = Static<typeof ColumnProfile>;
export const Profile = closed(
  {
    state: choice(['pending', 'ready', 'failed']),
    message: nullable(Type.String()),
    basis: nullable(choice(['exact', 'sample'])),
    sampledRows: nullable(Type.Integer({ minimum: 0 })),
    rowCount: nullable(Type.Integer({ minimum: 0 })),
    computedAt: nullable(Timestamp),
    columns: Type.Array(ColumnProfile)
  },
  { $id: 'DatasetProfile' }
);
export type Profile = Static<typeof Profile>;

export const ContractCheck = closed({
  id: Type.String(),
  column: nullable(Type.String()),
  rule: Type.String({ description: 'The check in words' }),
  severity: choice(['error', 'warning'])
});
export type ContractCheck = Static<typeof ContractCheck>;
export const DatasetContract = closed(
  { document: Type.String({ description: 'The ODCS 3.1 document, as it was written' }), checks: Type.Array(ContractCheck), updatedAt: Timestamp, updatedBy: Subject },
  { $id: 'DatasetContract' }
);
export type DatasetContract = Static<typeof DatasetContract>;

export const CheckResult = closed({
  id: Type.String(),
  column: nullable(Type.String()),
  rule: Type.String(),
  severity: choice(['error', 'warning']),
  state: choice(['passed', 'failed', 'error']),
  actual: nullable(Type.Number()),
  message: nullable(Type.String())
});
export type CheckResult = Static<typeof CheckResult>;
export const ContractRun = closed(
  { id: Id, version: VersionNumber, state: choice(['passed', 'failed']), time: Timestamp, results: Type.Array(CheckResult) },
  { $id: 'ContractRun' }
);
export type ContractRun = Static<typeof ContractRun>;

export const ResolvedMount = closed(
  {
    name: ObjectName,
    version: VersionNumber,
    urn: UrnText,
    path: Type.String({ description: 'Absolute folder that holds the files' }),
    files: Type.Array(closed({ name: Type.String(), sizeBytes: Type.Integer({ minimum: 0 }) })),
    format: DatasetFormat,
    mountName: Type.String()
  },
  { $id: 'ResolvedMount' }
);
export type ResolvedMount = Static<typeof ResolvedMount>;
