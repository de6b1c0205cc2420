import { Type, type Static } from 'typebox';

/** Settings of `serving`. */
export const servingConfig = Type.Object({
  STRATALAB_ENDPOINT_QUEUE: Type.Integer({ default: 32, minimum: 0, maximum: 10_000, description: 'Calls that may wait at one endpoint while its replicas are busy or start' }),
  STRATALAB_ENDPOINT_WAIT_SECONDS: Type.Integer({ default: 60, minimum: 1, maximum: 600, description: 'How long one call may wait for a replica', unit: 's' }),
  STRATALAB_DRAIN_SECONDS: Type.Integer({ default: 120, minimum: 1, maximum: 3600, description: 'How long a replica may finish calls in flight before it is ended', unit: 's' })
});
export type ServingConfig = Static<typeof servingConfig>;
