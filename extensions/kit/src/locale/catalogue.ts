/** Texts of one language by their English original. */
export type Catalogue = Readonly<Record<string, string>>;
