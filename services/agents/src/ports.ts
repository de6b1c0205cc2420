/** What `agents` needs from outside. */
export type AgentsPorts = Readonly<Record<never, never>>;
