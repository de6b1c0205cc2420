import { Type, type Static } from 'typebox';

/** Settings of `catalog`. */
export const catalogConfig = Type.Object({
  STRATALAB_QUERY_MEMORY_MIB: Type.Integer({ default: 1024, minimum: 128, maximum: 1_048_576, description: 'Memory of one preview, profile or check', unit: 'MiB' }),
  STRATALAB_PROFILE_SECONDS: Type.Integer({ default: 120, minimum: 5, maximum: 3_600, description: 'How long the profile of a version may take', unit: 's' }),
  STRATALAB_PROFILE_ROWS: Type.Integer({
    default: 5_000_000,
    minimum: 1_000,
    maximum: 1_000_000_000,
    description: 'Above this many rows a profile is made from a sample',
    unit: 'rows'
  }),
  STRATALAB_UPLOAD_HOURS: Type.Integer({ default: 24, minimum: 1, maximum: 720, description: 'An upload that rests this long is dropped', unit: 'h' })
});
export type CatalogConfig = Static<typeof catalogConfig>;
