import type { Role } from '@stratalab/contracts';
import type { TenantPlaces } from '@stratalab/kernel';

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

/** Where the bytes of promoted tenants arrive, on the data volume; files are named by their SHA-256 until the whole tenant is there. */
export interface PromotionFolder {
  /** Absolute path of a tenant's folder here. */
  tenantFolder(tenant: string): string;
  /** Whether a tenant of this name has files here. */
  hasFiles(tenant: string): Promise<boolean>;
  freeBytes(): Promise<number>;
  received(tenant: string, files: readonly string[]): Promise<readonly { readonly sha256: string; readonly receivedBytes: number; readonly isWhole: boolean }[]>;
  /**
   * Writes the next bytes of a file, which must be exactly `offset` bytes long so far; what arrived before a cut stays. The last byte completes it.
   * @throws conflict when another length was received; payload-too-large; storage-full; invalid-input when the whole is not what its name says (it is dropped then)
   */
  append(piece: PromotedPiece): Promise<{ readonly receivedBytes: number; readonly isWhole: boolean }>;
  /** Lines of a whole text file. @throws invalid-state when it is not there */
  lines(tenant: string, sha256: string): AsyncIterable<string>;
  /**
   * Puts whole files and folders to where they belong in the tenant's folder-to-be, which is named by the manifest; idempotent.
   * @throws invalid-state for a file that is not there; invalid-input for a name that leads out
   */
  assemble(tenant: string, manifest: string, entries: AsyncIterable<PromotedFile | PromotedFolder>): Promise<void>;
  /** Makes the folder-to-be the tenant's folder, in one step; idempotent. @throws conflict when another one is there */
  install(tenant: string, manifest: string): Promise<void>;
  /** Takes a folder back that was installed for a promotion whose transaction never ended; idempotent. Only for a tenant that does not exist. */
  withdraw(tenant: string): Promise<void>;
  /** Drops what arrived and was not installed; idempotent. */
  drop(tenant: string): Promise<void>;
}

/** A file by its path in the tenant's folder. */
export interface PromotedFile {
  readonly kind: 'file';
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Permission bits it had. */
  readonly mode: number;
}

export interface PromotedFolder {
  readonly kind: 'folder';
  readonly name: string;
  /** Nothing in it may be written any more. */
  readonly isSealed: boolean;
}

export interface PromotedPiece {
  readonly tenant: string;
  readonly sha256: string;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly limitBytes: number;
  readonly body: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

export interface ControlPorts {
  /** Where tenants have their places on a cluster; absent where jobs run on one machine. */
  readonly places?: TenantPlaces;
  readonly people: People;
  readonly machine: Machine;
  /** User that administers the sample tenant of a new installation. */
  readonly firstAdministrator: string;
  /** The page beside the Hub's own; absent where nobody signs in by browser. */
  readonly administrationPage?: AdministrationPage;
  /** Absent where tenants of other installations are not received. */
  readonly promotions?: PromotionFolder;
}
