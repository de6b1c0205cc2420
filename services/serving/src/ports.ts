/** What `serving` needs from outside. */
export type ServingPorts = Readonly<Record<never, never>>;
