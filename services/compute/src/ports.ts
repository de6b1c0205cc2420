/** What `compute` needs from outside. */
export type ComputePorts = Readonly<Record<never, never>>;
