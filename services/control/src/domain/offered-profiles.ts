import type { Profile } from '@stratalab/contracts/control';

/** May a workspace run with this profile on the quota of this tenant? */
export function isOfferedTo({ tenants }: Pick<Profile, 'tenants'>, tenant: string): boolean {
  return tenants === null || tenants.includes(tenant);
}

/** The profiles that one of these tenants may use; of other tenants not even the names are told. */
export function seenFrom(profiles: readonly Profile[], own: readonly string[]): Profile[] {
  return profiles
    .map(profile => ({ ...profile, tenants: profile.tenants?.filter(tenant => own.includes(tenant)) ?? null }))
    .filter(({ tenants }) => tenants === null || tenants.length > 0);
}
