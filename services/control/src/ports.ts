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

/** Signs a person in, in the browser, at the authority on people. */
export interface SignIn {
  /** Where to send the browser; it comes back to `oauth_callback` with `state` and a code. */
  authorizeUrl(request: { readonly state: string; readonly verifier: string }): string;
  /** The person's token, or `undefined` when the code is not accepted. @throws unavailable */
  redeem(answer: { readonly code: string; readonly verifier: string }): Promise<string | undefined>;
}

/** The files of the administration page, as they were built. */
export interface PageFiles {
  /** `undefined` for a name that is none of them, or before anything was built. */
  read(name: string): Promise<Buffer | undefined>;
}

/** What the administration page of the Hub needs. */
export interface AdministrationPage {
  readonly signIn: SignIn;
  readonly files: PageFiles;
  /** Path of the service as browsers see it, with slashes around it. */
  readonly publicPath: string;
  /** Browsers reach it over TLS: cookies say so. */
  readonly isSecure: boolean;
}

export interface ControlPorts {
  readonly people: People;
  readonly machine: Machine;
  /** User that administers the sample tenant of a new installation. */
  readonly firstAdministrator: string;
  /** The page beside the Hub's own; absent where nobody signs in by browser. */
  readonly administrationPage?: AdministrationPage;
}
