/** A file below a prefix or in a staging folder; `name` is relative and uses `/`. */
export interface StoredFile {
  readonly name: string;
  readonly sizeBytes: number;
}

export interface StagingPlace {
  readonly tenant: string;
  /** Identifier issued by the platform (26 lower-case letters and digits). */
  readonly stagingId: string;
}

export interface ObjectPlace {
  readonly tenant: string;
  /** Path below the objects of the tenant, `/` between parts: `datasets/<id>` for a prefix, `datasets/<id>/a.csv` for an object. */
  readonly key: string;
}

/**
 * Immutable objects of the tenants. Bytes are written in a staging folder first and become objects all at once, by `publish`; an object is
 * never changed after that. Every key and name is checked: none leads out of its tenant.
 */
export interface ObjectStore {
  /** Makes the staging folder; idempotent. @returns its absolute path, writable until it is published */
  stage(place: StagingPlace): Promise<string>;
  /**
   * Writes the next bytes of a staged file, which must be exactly `offset` bytes long (0: it need not exist). What arrived before a cut stays.
   * @throws conflict when the file has another length; payload-too-large after `limitBytes`; storage-full
   */
  append(
    place: StagingPlace & { readonly name: string; readonly offset: number; readonly limitBytes: number; readonly body: AsyncIterable<Uint8Array>; readonly signal: AbortSignal }
  ): Promise<{ readonly sizeBytes: number }>;
  /** Regular files of the staging folder by name; `undefined` when there is no such folder. @throws invalid-input for links and special files */
  listStaged(place: StagingPlace): Promise<readonly StoredFile[] | undefined>;
  /** Reads at most `length` bytes of a staged file from `offset`. @throws not-found */
  readStaged(place: StagingPlace & { readonly name: string; readonly offset: number; readonly length: number }): Promise<Uint8Array>;
  /** Moves a staged file whole into another staging folder of the tenant; what had that name there is replaced. @throws not-found */
  moveStaged(place: StagingPlace & { readonly name: string; readonly toStagingId: string; readonly toName: string }): Promise<void>;
  /** Removes a staging folder; idempotent. */
  dropStaged(place: StagingPlace): Promise<void>;
  /** Last change in a staging folder; `undefined` when there is no such folder. */
  stagedAt(place: StagingPlace): Promise<Date | undefined>;
  /**
   * Turns the staging folder into objects below `key`, without a copy, all or nothing. They can be read and never written from then on.
   * Idempotent: when `key` exists already, a staging folder of the same id is not looked at. Two callers at once get the same answer.
   * @throws not-found when there is neither; invalid-input for links and special files in it
   */
  publish(place: StagingPlace & ObjectPlace): Promise<readonly StoredFile[]>;
  /** Objects below `key` by name; `undefined` when there are none. */
  list(place: ObjectPlace): Promise<readonly StoredFile[] | undefined>;
  /** Reads at most `length` bytes of an object from `offset`; none at its end. @throws not-found */
  read(place: ObjectPlace & { readonly offset: number; readonly length: number }): Promise<Uint8Array>;
  /** SHA-256 of an object, as hexadecimal text. @throws not-found */
  sha256(place: ObjectPlace, signal: AbortSignal): Promise<string>;
  /** Where the prefix lies on the data volume when it is there, as an absolute path. */
  localPath(place: ObjectPlace): string;
  /**
   * Sees to it that programs find everything below `key` on the data volume, and fetches it where it is not there. @returns its local path
   * @throws not-found; storage-full; unavailable when it must be fetched and cannot be; invalid-input when what was fetched is damaged
   */
  materialize(place: ObjectPlace): Promise<string>;
  /** Removes everything below `key`; idempotent. */
  remove(place: ObjectPlace): Promise<void>;
}
