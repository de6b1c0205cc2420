/** Commands of administration; the open one asks nothing of the platform by itself. */
export const adminCommands = {
  /** `{ tenant?, tab? }` */
  open: 'stratalab:open-administration',
  createTenant: 'stratalab:create-tenant',
  closeTenant: 'stratalab:close-tenant',
  reopenTenant: 'stratalab:reopen-tenant',
  deleteTenant: 'stratalab:delete-tenant',
  setMember: 'stratalab:set-member',
  removeMember: 'stratalab:remove-member',
  setQuota: 'stratalab:set-quota',
  putProfile: 'stratalab:put-profile',
  removeProfile: 'stratalab:remove-profile',
  createAccessKey: 'stratalab:create-access-key',
  revokeAccessKey: 'stratalab:revoke-access-key',
  verifyAudit: 'stratalab:verify-audit'
} as const;
