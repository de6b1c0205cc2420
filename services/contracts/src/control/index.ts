export { controlRoutes } from './routes.ts';
export {
  AccessKey, AccessKeyInput, Admission, Amounts, AuditEntry, AuditVerification, CreatedAccessKey, Introspection, Invitation, Member, MemberChange, Membership, Profile, Quota,
  Reservation, ResourceName, resourceNames, RoleName, Tenant, TenantInput, UsageEntry, UsageMeter, usageMeters, UsageRow, WhoAmI
} from './schemas.ts';
