import { Type, type Static } from 'typebox';

/** Settings of `compute`. */
export const computeConfig = Type.Object({
  STRATALAB_JOB_GRACE_SECONDS: Type.Integer({ default: 10, minimum: 0, maximum: 600, description: 'How long a cancelled job may take to end before it is killed', unit: 's' }),
  STRATALAB_JOB_LEASE_SECONDS: Type.Integer({
    default: 20,
    minimum: 2,
    maximum: 300,
    description: 'How long one step of a job may take; after a crash another process takes over after this time',
    unit: 's'
  }),
  STRATALAB_JOB_TOKEN_DAYS: Type.Integer({
    default: 31,
    minimum: 1,
    maximum: 366,
    description: 'Longest life of the token of a job; it is revoked when the job ends',
    unit: 'days'
  })
});
export type ComputeConfig = Static<typeof computeConfig>;
