import { Type, type Static } from 'typebox';

/** Settings of `pipelines`. */
export const pipelinesConfig = Type.Object({
  STRATALAB_QUERY_MEMORY_MIB: Type.Integer({ default: 1024, minimum: 128, maximum: 1_048_576, description: 'Memory of one query or pipeline step that names none', unit: 'MiB' }),
  STRATALAB_QUERY_SECONDS: Type.Integer({ default: 60, minimum: 1, maximum: 3600, description: 'Longest interactive query or preview', unit: 's' }),
  STRATALAB_STEP_SECONDS: Type.Integer({ default: 1800, minimum: 1, maximum: 86_400, description: 'Longest attempt of a pipeline step that names no time-out', unit: 's' }),
  STRATALAB_STEP_HEARTBEAT_SECONDS: Type.Number({
    default: 5,
    minimum: 0.05,
    maximum: 60,
    description: 'A running step says so this often; after three silences another process takes it over',
    unit: 's'
  })
});
export type PipelinesConfig = Static<typeof pipelinesConfig>;
