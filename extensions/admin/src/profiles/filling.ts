import type { DraftField, ProfileDraft } from './profile-draft';

/** What every part of the form is given. */
export interface Filling {
  readonly draft: ProfileDraft;
  readonly change: (part: Partial<ProfileDraft>) => void;
  /** What is wrong with a field, once somebody tried to save. */
  readonly of: (field: DraftField) => string | undefined;
}
