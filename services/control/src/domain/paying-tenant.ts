/** Tenants among a user's Hub groups (`<tenant>:<role>`), the preferred one first, then by name: the first one pays for the workspace. */
export function payingTenants(groups: readonly string[], preferred: string): readonly string[] {
  const tenants = new Set(
    groups.flatMap(group => {
      const [tenant, role, ...rest] = group.split(':');
      return tenant !== undefined && tenant !== '' && role !== undefined && rest.length === 0 ? [tenant] : [];
    })
  );
  return [...tenants].sort((a, b) => Number(b === preferred) - Number(a === preferred) || a.localeCompare(b));
}
