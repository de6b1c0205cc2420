import { Type, type Static } from 'typebox';

/** Settings of `control`. */
export const controlConfig = Type.Object({
  STRATALAB_RESERVATION_SECONDS: Type.Integer({ default: 120, minimum: 5, maximum: 3600, description: 'How long a reservation is held until its object confirms it', unit: 's' }),
  STRATALAB_PLACE_CHECK_SECONDS: Type.Integer({
    default: 60,
    minimum: 1,
    maximum: 3600,
    description: "How often a tenant's place on the cluster is looked at for what others changed there",
    unit: 's'
  }),
  STRATALAB_SAMPLE_TENANT: Type.Boolean({ default: true, description: 'The first start makes the tenant `demo` with samples; `false` where tenants are promoted from elsewhere' }),
  STRATALAB_WORKSPACE_TENANT: Type.String({ default: '', description: 'Tenant that pays for the workspaces of users with several tenants; the first by name when empty' })
});
export type ControlConfig = Static<typeof controlConfig>;
