export { computeRoutes } from './routes.ts';
export {
  Explanation,
  Job,
  JobInput,
  JobState,
  jobStates,
  JobSummary,
  JobTemplate,
  Launcher,
  launchers,
  LogChunk,
  Metric,
  MetricSeries,
  OutputDeclaration,
  OutputKind,
  Progress,
  ProgressReport,
  Queue,
  QueueEntry,
  Resources
} from './schemas.ts';
