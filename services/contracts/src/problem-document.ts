import { Type, type Static } from 'typebox';

/** Body of every failed answer (RFC 9457 with our extension members). */
export const ProblemDocument = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable name of the failure; test by this.' }),
    detail: Type.Optional(Type.String({ description: 'What exactly went wrong, in plain words.' })),
    hint: Type.Optional(Type.String({ description: 'What to do next.' })),
    retryable: Type.Boolean(),
    instance: Type.Optional(Type.String({ description: 'Request id; quote it when you ask for help.' })),
    limit: Type.Optional(Type.Number()),
    used: Type.Optional(Type.Number()),
    requested: Type.Optional(Type.Number()),
    resource: Type.Optional(Type.String({ description: 'Quota resource or object the problem is about.' })),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), { description: 'One row per invalid field.' }))
  },
  { $id: 'Problem', additionalProperties: false }
);
export type ProblemDocument = Static<typeof ProblemDocument>;
