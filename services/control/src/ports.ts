import type { Role } from '@stratalab/contracts';

/** The Hub as the authority on people (adapter: identity-jupyterhub). */
export interface People {
  /** Adds the user to the Hub when it is unknown and gives it exactly this role in the tenant; idempotent. */
  setRole(tenant: string, user: string, role: Role): Promise<void>;
  /** Takes every role of the tenant away; the account stays; idempotent. */
  removeFromTenant(tenant: string, user: string): Promise<void>;
  members(tenant: string): Promise<readonly { readonly user: string; readonly role: Role }[]>;
  /** A one-time link by which a user without a password chooses one; `undefined` where accounts live elsewhere or the user has one. */
  invite(user: string): Promise<{ readonly url: string; readonly expires: string } | undefined>;
  createTenant(tenant: string): Promise<void>;
  removeTenant(tenant: string): Promise<void>;
}

/** What this machine has, for default limits. */
export interface Machine {
  readonly cpuCount: number;
  readonly memoryMiB: number;
  readonly gpuCount: number;
}

export interface ControlPorts {
  readonly people: People;
  readonly machine: Machine;
  /** User that administers the sample tenant of a new installation. */
  readonly firstAdministrator: string;
}
