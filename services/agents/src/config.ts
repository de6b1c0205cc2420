import { Type, type Static } from 'typebox';

/** Settings of `agents`. */
export const agentsConfig = Type.Object({
  STRATALAB_EMBED_BATCH: Type.Integer({ default: 16, minimum: 1, maximum: 256, description: 'Chunks sent to the embedder at once; progress is shown after each batch' })
});
export type AgentsConfig = Static<typeof agentsConfig>;
