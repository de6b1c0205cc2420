export { profilePatterns } from './profile-patterns.ts';
export { resourceNames } from './resource-names.ts';
export { Promotion, promotionPieceBytes, PromotionPlan, SchemaStep } from './promotion-routes.ts';
export { PlaceRepair, TenantPlace } from './place-routes.ts';
export { controlRoutes } from './routes.ts';
export {
  AccessKey,
  AccessKeyInput,
  Admission,
  Amounts,
  AuditEntry,
  AuditVerification,
  CreatedAccessKey,
  Introspection,
  Invitation,
  Member,
  MemberChange,
  Membership,
  Profile,
  ProfileInput,
  Quota,
  Reservation,
  ResourceName,
  RoleName,
  Tenant,
  TenantInput,
  Toleration,
  UsageEntry,
  UsageGrouping,
  usageGroupings,
  UsageMeter,
  usageMeters,
  UsageRow,
  UsageSum,
  WhoAmI,
  WorkspaceImage
} from './schemas.ts';
