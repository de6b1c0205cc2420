import { Type, type Static } from 'typebox';
import { choice, closed, Id, nullable, Slug, Subject, Timestamp } from '../fields.ts';
import { permissions, roles } from '../permissions.ts';
import { profilePatterns } from './profile-patterns.ts';
import { resourceNames } from './resource-names.ts';

export const RoleName = choice(roles, { description: 'viewer reads, editor works, admin decides' });

export const Membership = closed({ name: Slug, displayName: Type.String(), role: RoleName });
export const WhoAmI = closed(
  { subject: Subject, isAdministrator: Type.Boolean(), tenants: Type.Array(Membership) },
  { $id: 'WhoAmI', description: 'The caller as the platform sees it' }
);
export type WhoAmI = Static<typeof WhoAmI>;

export const Tenant = closed(
  { name: Slug, displayName: Type.String(), createdAt: Timestamp, isSample: Type.Boolean(), state: choice(['active', 'closed', 'deleting']) },
  { $id: 'Tenant' }
);
export type Tenant = Static<typeof Tenant>;
export const TenantInput = closed({ name: Slug, displayName: Type.String({ minLength: 1, maxLength: 100 }) });

export const Member = closed({ user: Subject, role: RoleName }, { $id: 'Member' });
export type Member = Static<typeof Member>;
export const Invitation = closed({ url: Type.String({ description: 'One-time link; hand it over yourself, it is not sent' }), expires: Timestamp });
export type Invitation = Static<typeof Invitation>;
export const MemberChange = closed({ member: Member, invitation: nullable(Invitation) });

export const ResourceName = choice(resourceNames, {
  description: 'cpu in cores, memory-mib and storage-mib in MiB, gpu in whole devices, jobs and workspaces in objects at once, tokens-per-day in model tokens'
});
export type ResourceName = Static<typeof ResourceName>;

export const Quota = closed(
  {
    resource: ResourceName,
    unit: Type.String(),
    limit: nullable(Type.Number({ minimum: 0, description: 'null: no limit' })),
    used: Type.Number({ description: 'Confirmed by living objects' }),
    reserved: Type.Number({ description: 'Admitted, not yet confirmed' })
  },
  { $id: 'Quota' }
);
export type Quota = Static<typeof Quota>;

const amount = Type.Optional(Type.Number({ minimum: 0, maximum: 1e12 }));
export const Amounts = closed(
  { cpu: amount, 'memory-mib': amount, gpu: amount, 'storage-mib': amount, jobs: amount, workspaces: amount, 'tokens-per-day': amount },
  { description: 'Amount per resource, in the units of the resource' }
);
export type Amounts = Static<typeof Amounts>;

export const Reservation = closed(
  { id: Id, objectUrn: Type.String(), amounts: Type.Record(Type.String(), Type.Number()), state: choice(['held', 'confirmed']), expiresAt: nullable(Timestamp) },
  { $id: 'Reservation' }
);
export type Reservation = Static<typeof Reservation>;

const { labelKey, labelValue } = profilePatterns;
/** A mark of nodes that pods of a profile put up with, as Kubernetes names them. */
export const Toleration = closed({
  key: Type.String({ pattern: labelKey }),
  operator: choice(['Exists', 'Equal']),
  value: Type.Optional(Type.String({ pattern: labelValue })),
  effect: Type.Optional(choice(['NoSchedule', 'PreferNoSchedule', 'NoExecute']))
});
export const WorkspaceImage = closed({
  name: Slug,
  displayName: Type.String({ minLength: 1, maxLength: 100 }),
  image: Type.String({ pattern: profilePatterns.image, description: 'By digest, so that what was allowed is what runs' })
});
const profileFields = {
  displayName: Type.String({ minLength: 1, maxLength: 100 }),
  description: Type.String({ maxLength: 300 }),
  cpu: Type.Number({ minimum: 0.1, maximum: 1024, description: 'cores' }),
  memoryMiB: Type.Integer({ minimum: 128, maximum: 33_554_432 }),
  gpuCount: Type.Integer({ minimum: 0, maximum: 64 }),
  isDefault: Type.Boolean()
};
/** Where its pods run and what they may run; of no meaning where workspaces are processes of one machine. */
const placement = {
  gpuResource: nullable(
    Type.String({
      pattern: profilePatterns.resource,
      description: 'Resource the GPUs are asked for by, nvidia.com/mig-1g.10gb for example; null: whole GPUs'
    })
  ),
  nodeSelector: Type.Record(Type.String({ pattern: labelKey }), Type.String({ pattern: labelValue }), { additionalProperties: false, maxProperties: 20 }),
  tolerations: Type.Array(Toleration, { maxItems: 20 }),
  images: Type.Array(WorkspaceImage, { maxItems: 20, description: 'Images on offer, the first one by default; the image of the installation when empty' })
};
const offered = nullable(Type.Array(Slug, { maxItems: 500, description: 'Tenants on whose quota it may run; null: every tenant. The default profile is for every tenant' }));
export const Profile = closed({ name: Slug, ...profileFields, tenants: offered, ...placement }, { $id: 'Profile' });
export type Profile = Static<typeof Profile>;
export const ProfileInput = closed({
  ...profileFields,
  tenants: Type.Optional(offered),
  gpuResource: Type.Optional(placement.gpuResource),
  nodeSelector: Type.Optional(placement.nodeSelector),
  tolerations: Type.Optional(placement.tolerations),
  images: Type.Optional(placement.images)
});
export type ProfileInput = Static<typeof ProfileInput>;

export const Admission = closed(
  { subject: Subject, tenant: Slug, profile: Profile },
  { $id: 'Admission', description: 'A workspace may start with this profile on the quota of this tenant' }
);

const PermissionName = choice(permissions);
export const AccessKey = closed(
  {
    id: Id,
    name: Type.String(),
    kind: choice(['access-key', 'job-token']),
    createdBy: Subject,
    scopes: Type.Array(PermissionName),
    createdAt: Timestamp,
    expiresAt: nullable(Timestamp),
    lastUsedAt: nullable(Timestamp),
    revokedAt: nullable(Timestamp),
    hint: Type.String({ description: 'Last four characters, to recognise it' })
  },
  { $id: 'AccessKey' }
);
export type AccessKey = Static<typeof AccessKey>;
export const AccessKeyInput = closed({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  scopes: Type.Array(PermissionName, { minItems: 1, maxItems: 40, description: 'Never more than the creator may do' }),
  expiresInSeconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 366 * 86_400, description: 'Ninety days unless given' })),
  kind: Type.Optional(choice(['access-key', 'job-token'])),
  jobId: Type.Optional(Id)
});
export const CreatedAccessKey = closed({ key: AccessKey, secret: Type.String({ description: 'Shown once; only a hash is kept' }) });

export const Introspection = closed({
  active: Type.Boolean(),
  subject: Type.Optional(Subject),
  tenant: Type.Optional(Slug),
  role: Type.Optional(RoleName),
  scopes: Type.Optional(Type.Array(PermissionName)),
  keyId: Type.Optional(Id),
  kind: Type.Optional(Type.String()),
  jobId: Type.Optional(Id)
});

export const AuditEntry = closed(
  {
    position: Type.Integer(),
    time: Timestamp,
    subject: Type.String(),
    onBehalfOf: nullable(Type.String()),
    via: Type.String(),
    action: Type.String(),
    operation: Type.String(),
    target: Type.String(),
    decision: choice(['allowed', 'denied']),
    reason: nullable(Type.String()),
    requestId: Type.String()
  },
  { $id: 'AuditEntry' }
);
export type AuditEntry = Static<typeof AuditEntry>;
export const AuditVerification = closed({
  isIntact: Type.Boolean(),
  checked: Type.Integer(),
  brokenAt: nullable(Type.Integer({ description: 'Position of the first row that does not fit' }))
});

export const usageMeters = ['cpu-seconds', 'gpu-seconds', 'memory-gib-seconds', 'storage-gib-hours', 'input-tokens', 'output-tokens'] as const;
export const UsageMeter = choice(usageMeters);
export const UsageRow = closed(
  { day: Type.String({ format: 'date' }), meter: UsageMeter, subject: Type.String(), objectUrn: nullable(Type.String()), amount: Type.Number() },
  { $id: 'UsageRow' }
);
export type UsageRow = Static<typeof UsageRow>;
export const usageGroupings = ['day', 'subject', 'object'] as const;
export const UsageGrouping = choice(usageGroupings, { description: 'What one row of a summary is about' });
export type UsageGrouping = Static<typeof UsageGrouping>;
export const UsageSum = closed(
  { key: Type.String({ description: 'The day, the person or the URN of the object, as was asked' }), meter: UsageMeter, amount: Type.Number() },
  { $id: 'UsageSum' }
);
export type UsageSum = Static<typeof UsageSum>;
export const UsageEntry = closed({
  /** Idempotent: the same interval of the same object is recorded once. */
  intervalId: Type.String({ minLength: 1, maxLength: 200 }),
  meter: UsageMeter,
  subject: Subject,
  objectUrn: Type.String({ maxLength: 400 }),
  amount: Type.Number({ minimum: 0 }),
  from: Timestamp,
  to: Timestamp
});
