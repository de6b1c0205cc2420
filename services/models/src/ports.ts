/** What `models` needs from outside. */
export type ModelsPorts = Readonly<Record<never, never>>;
