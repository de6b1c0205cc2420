import { wake, type Tx } from '@stratalab/kernel';
import type { ControlPorts } from '../ports.ts';

export const placeKind = 'tenant-place';

/** The place of a tenant is looked at soon, where tenants have one. */
export async function wakePlace(tx: Tx, ports: Pick<ControlPorts, 'places'>, tenant: string): Promise<void> {
  if (ports.places !== undefined) await wake(tx, { kind: placeKind, objectId: tenant, tenant });
}
