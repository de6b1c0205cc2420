/** What `catalog` needs from outside. */
export type CatalogPorts = Readonly<Record<never, never>>;
