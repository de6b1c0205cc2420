import { ulid } from 'ulid';

/** A new identifier: 26 lower-case letters and digits, sortable by time of creation, safe in paths and DNS labels. */
export function newId(): string {
  return ulid().toLowerCase();
}
