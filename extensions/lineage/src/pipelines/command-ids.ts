/** Commands of pipelines and lineage. */
export const lineageCommands = {
  /** Shows the lineage panel; `{ urn? }` chooses the object. */
  showLineage: 'stratalab:show-lineage',
  /** `{ name? }`: creates a pipeline and opens it; asks for the name when it is missing. */
  newPipeline: 'stratalab:new-pipeline',
  /** `{ pipeline }`: runs it now and opens the run. */
  runPipeline: 'stratalab:run-pipeline',
  /** `{ run }`: stops a run. */
  cancelRun: 'stratalab:cancel-pipeline-run',
  /** Shows the list of pipelines. */
  openPipelines: 'stratalab:open-pipelines'
} as const;

export const pipelinesSectionId = 'stratalab-pipelines';
