import { Type, type Static, type TEnum, type TObject, type TProperties, type TSchema } from 'typebox';

/** A closed object: undeclared fields are refused on the way in and dropped on the way out. */
export function closed<P extends TProperties>(properties: P, options: { readonly $id?: string; readonly description?: string } = {}): TObject<P> {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

/** DNS-1123 label: what a tenant, and every name that becomes part of a path or an external object, looks like. */
export const Slug = Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$', minLength: 1, maxLength: 63, description: 'Lower-case letters, digits and inner dashes' });
/** Name of a dataset, model, job or other object inside a tenant. */
export const ObjectName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
  minLength: 1,
  maxLength: 128,
  description: 'Letters, digits, dots, dashes and underscores'
});
export const Id = Type.String({ pattern: '^[0-9a-z]{26}$', description: 'Identifier issued by the platform' });
export const Timestamp = Type.String({ format: 'date-time', description: 'UTC, RFC 3339' });
export const Subject = Type.String({ minLength: 1, maxLength: 200, description: 'User or service name as the Hub knows it' });
export const Description = Type.String({ maxLength: 20_000 });
export const Tag = Type.String({ pattern: '^[^\\s,][^,]{0,62}$', maxLength: 63 });
/** One of a fixed list of words. */
export function choice<Values extends string[]>(values: readonly [...Values], options: { readonly description?: string } = {}): TEnum<Values> {
  return Type.Enum(values, options);
}

/** An optional field that JSON may also spell as null. */
export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

export const TenantParams = closed({ tenant: Slug });
export type TenantParams = Static<typeof TenantParams>;

/** Query of every list: opaque cursor and page size (1..200, default 50). */
export const PageQuery = closed({
  cursor: Type.Optional(Type.String({ maxLength: 512 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 }))
});
export type PageQuery = Static<typeof PageQuery>;

/** Answer of every list: rows, the cursor of the next page (null at the end) and, where it is cheap, the total. */
export function page<S extends TSchema>(item: S) {
  return closed({ items: Type.Array(item), nextCursor: nullable(Type.String()), total: Type.Optional(Type.Integer({ minimum: 0 })) });
}

/** One fact about the state of an object, written by its reconciler only. */
export const Condition = closed(
  { type: Type.String(), status: choice(['true', 'false', 'unknown']), reason: Type.String(), message: Type.String(), time: Timestamp },
  { $id: 'Condition' }
);
export type Condition = Static<typeof Condition>;
