/** What `pipelines` needs from outside. */
export type PipelinesPorts = Readonly<Record<never, never>>;
