import { Type, type Static } from 'typebox';
import { choice, closed, Id, nullable, Slug, Timestamp } from '../fields.ts';
import { route } from '../route.ts';
import { UrnText } from '../urn-text.ts';

const base = '/api/control/v1';
/** Not below `tenants/{tenant}`: until it is finished there is no such tenant, and its audit chain must begin with what it brings. */
const promotion = `${base}/promotions/{name}` as const;

/** Largest piece of a promoted file in one request; what arrived stays, so a cut costs one piece at most. */
export const promotionPieceBytes = 8 * 1024 * 1024;
const highestBytes = 1e15;

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the whole file' });
const Bytes = Type.Integer({ minimum: 0, maximum: highestBytes });
const PromotionParams = closed({ name: Slug });

/** One SQL file that a database has seen; two installations that exchange rows must have seen the same ones. */
export const SchemaStep = closed({ service: Slug, file: Type.String({ maxLength: 200 }), digest: Sha256 });
export type SchemaStep = Static<typeof SchemaStep>;

export const PromotionPlan = closed(
  {
    missingHere: Type.Array(Type.String(), { description: 'Schema steps of the sender that this installation has not taken' }),
    missingThere: Type.Array(Type.String(), { description: 'Schema steps of this installation that the sender has not taken' }),
    freeBytes: Bytes,
    tenants: Type.Array(
      closed({
        name: Slug,
        state: choice(['free', 'exists', 'remains', 'receiving', 'promoted'], { description: 'remains: something of an earlier tenant of that name is still there' }),
        promotion: nullable(Id)
      })
    )
  },
  { $id: 'PromotionPlan' }
);
export type PromotionPlan = Static<typeof PromotionPlan>;

export const Promotion = closed(
  {
    id: Id,
    tenant: Slug,
    state: choice(['receiving', 'promoted']),
    source: Type.String(),
    begunBy: Type.String(),
    begunAt: Timestamp,
    promotedAt: nullable(Timestamp),
    tables: Type.Array(closed({ name: Type.String(), rows: Type.Integer({ minimum: 0 }) })),
    fileCount: Type.Integer({ minimum: 0 }),
    sizeBytes: Bytes
  },
  { $id: 'Promotion' }
);
export type Promotion = Static<typeof Promotion>;

export const planPromotion = route({
  operationId: 'planPromotion',
  method: 'POST',
  path: `${base}/promotion-plans`,
  summary: 'Whether tenants of another installation could move here; changes nothing',
  permission: 'platform:administer',
  audit: false,
  body: closed({ schema: Type.Array(SchemaStep, { maxItems: 1000 }), tenants: Type.Array(Slug, { minItems: 1, maxItems: 500 }) }),
  response: PromotionPlan
});
export const beginPromotion = route({
  operationId: 'beginPromotion',
  method: 'PUT',
  path: promotion,
  summary: 'Begin to receive a tenant of another installation, or go on; idempotent by its id',
  permission: 'platform:administer',
  audit: 'promotion.begin',
  params: PromotionParams,
  body: closed({
    id: Id,
    source: Type.String({ minLength: 1, maxLength: 200, description: 'What the sender calls itself, for people' }),
    schema: Type.Array(SchemaStep, { maxItems: 1000 }),
    manifest: closed({ sha256: Sha256, sizeBytes: Bytes }),
    fileCount: Type.Integer({ minimum: 0, maximum: 1e8 }),
    sizeBytes: Bytes
  }),
  response: Promotion,
  problems: ['already-exists', 'conflict', 'invalid-state', 'storage-full', 'unavailable']
});
export const getPromotion = route({
  operationId: 'getPromotion',
  method: 'GET',
  path: promotion,
  summary: 'How far the promotion of a tenant is',
  permission: 'platform:administer',
  audit: false,
  params: PromotionParams,
  response: Promotion
});
export const listReceivedFiles = route({
  operationId: 'listReceivedFiles',
  method: 'POST',
  path: `${promotion}/received`,
  summary: 'How many bytes of the named files arrived',
  permission: 'platform:administer',
  audit: false,
  params: PromotionParams,
  body: closed({ files: Type.Array(Sha256, { minItems: 1, maxItems: 1000 }) }),
  response: closed({ items: Type.Array(closed({ sha256: Type.String(), receivedBytes: Bytes, isWhole: Type.Boolean() })) }),
  problems: ['invalid-state', 'unavailable']
});
export const putPromotedBytes = route({
  operationId: 'putPromotedBytes',
  method: 'PUT',
  path: `${promotion}/files/{sha256}`,
  summary: 'Send the next bytes of one file (application/octet-stream); `offset` must be what arrived so far, and the whole must be what `sha256` says',
  permission: 'platform:administer',
  audit: false,
  kind: 'upload',
  params: closed({ name: Slug, sha256: Sha256 }),
  query: closed({ offset: Bytes, sizeBytes: Bytes }),
  response: closed({ receivedBytes: Bytes, isWhole: Type.Boolean() }),
  bodyLimitBytes: promotionPieceBytes,
  problems: ['conflict', 'invalid-state', 'invalid-input', 'payload-too-large', 'storage-full', 'unavailable']
});
export const finishPromotion = route({
  operationId: 'finishPromotion',
  method: 'POST',
  path: `${promotion}/finish`,
  summary: 'Check everything that arrived and make it the tenant, in one step; idempotent',
  permission: 'platform:administer',
  audit: 'promotion.finish',
  params: PromotionParams,
  response: Promotion,
  problems: ['invalid-input', 'invalid-state', 'conflict', 'already-exists', 'unavailable']
});
export const openPromotedLinks = route({
  operationId: 'openPromotedLinks',
  method: 'POST',
  path: `${promotion}/links`,
  summary: 'Whether links of a promoted tenant open here; tells nothing of what is behind them',
  permission: 'platform:administer',
  audit: false,
  params: PromotionParams,
  body: closed({ urns: Type.Array(UrnText, { minItems: 1, maxItems: 200 }) }),
  response: closed({ items: Type.Array(closed({ urn: Type.String(), problem: nullable(Type.String()) })) }),
  problems: ['invalid-state']
});
export const abandonPromotion = route({
  operationId: 'abandonPromotion',
  method: 'DELETE',
  path: promotion,
  summary: 'Give up a promotion that is not finished and drop what arrived; idempotent',
  permission: 'platform:administer',
  audit: 'promotion.abandon',
  params: PromotionParams,
  problems: ['invalid-state']
});

export const promotionRoutes = {
  planPromotion,
  beginPromotion,
  getPromotion,
  listReceivedFiles,
  putPromotedBytes,
  finishPromotion,
  openPromotedLinks,
  abandonPromotion
};
