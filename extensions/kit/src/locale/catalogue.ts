/** Texts of one language by their English original. */
export interface Catalogue {
  readonly texts: Readonly<Record<string, string>>;
  /** Texts that depend on a number, by the English singular; one form, as Chinese has. */
  readonly counted: Readonly<Record<string, string>>;
}

/** One catalogue of many; of a key that is in several, the last counts. */
export function mergeCatalogues(catalogues: readonly Catalogue[]): Catalogue {
  return {
    texts: Object.assign({}, ...catalogues.map(({ texts }) => texts)),
    counted: Object.assign({}, ...catalogues.map(({ counted }) => counted))
  };
}
