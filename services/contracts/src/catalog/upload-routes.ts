import { Type } from 'typebox';
import { closed, Description, Id, ObjectName, Slug, Tag, TenantParams } from '../fields.ts';
import { route } from '../route.ts';
import { FileName, Upload, VersionReference } from './schemas.ts';

const inTenant = '/api/catalog/v1/tenants/{tenant}' as const;
const UploadParams = closed({ tenant: Slug, upload: Id });
const about = { description: Type.Optional(Description), tags: Type.Optional(Type.Array(Tag, { maxItems: 50 })) };

/** Largest part of an upload; small enough to resume cheaply, large enough for a fast line. */
export const uploadPartBytes = 8 * 1024 * 1024;

export const createUpload = route({
  operationId: 'createUpload',
  method: 'POST',
  path: `${inTenant}/uploads`,
  summary: 'Begin the upload of a new version; storage is reserved for it',
  permission: 'dataset:write',
  audit: 'dataset.upload',
  params: TenantParams,
  body: closed({
    dataset: ObjectName,
    files: Type.Array(closed({ name: FileName, sizeBytes: Type.Integer({ minimum: 1, maximum: 1e12 }) }), { minItems: 1, maxItems: 1000 }),
    ...about
  }),
  response: Upload,
  status: 201,
  problems: ['quota-exceeded', 'storage-full']
});
export const getUpload = route({
  operationId: 'getUpload',
  method: 'GET',
  path: `${inTenant}/uploads/{upload}`,
  summary: 'How far an upload got',
  permission: 'dataset:write',
  audit: false,
  params: UploadParams,
  response: Upload
});
export const putUploadPart = route({
  operationId: 'putUploadPart',
  method: 'PUT',
  path: `${inTenant}/uploads/{upload}/files/{file}`,
  summary: 'Send the next bytes of one file (application/octet-stream); `offset` must be what was received so far',
  permission: 'dataset:write',
  audit: false,
  kind: 'upload',
  params: closed({ tenant: Slug, upload: Id, file: Type.Integer({ minimum: 0, maximum: 999, description: 'Index in `files`' }) }),
  query: closed({ offset: Type.Integer({ minimum: 0, maximum: 1e12 }) }),
  response: closed({ receivedBytes: Type.Integer({ minimum: 0 }) }),
  bodyLimitBytes: uploadPartBytes,
  problems: ['conflict', 'invalid-state', 'payload-too-large', 'storage-full']
});
export const completeUpload = route({
  operationId: 'completeUpload',
  method: 'POST',
  path: `${inTenant}/uploads/{upload}/complete`,
  summary: 'Publish what was uploaded as a new immutable version; idempotent',
  permission: 'dataset:write',
  audit: 'dataset.publish',
  params: UploadParams,
  response: VersionReference,
  status: 201,
  problems: ['invalid-state', 'unsupported-format', 'invalid-input']
});
export const cancelUpload = route({
  operationId: 'cancelUpload',
  method: 'DELETE',
  path: `${inTenant}/uploads/{upload}`,
  summary: 'Drop an upload and give its storage back; idempotent',
  permission: 'dataset:write',
  audit: 'dataset.upload-cancel',
  params: UploadParams,
  problems: ['invalid-state']
});
export const registerFolder = route({
  operationId: 'registerFolder',
  method: 'POST',
  path: `${inTenant}/folders`,
  summary: 'Publish a folder (or a file) of the caller’s own workspace as a new immutable version',
  permission: 'dataset:write',
  audit: 'dataset.register-folder',
  params: TenantParams,
  body: closed({
    dataset: ObjectName,
    path: Type.String({ minLength: 1, maxLength: 1000, description: 'Relative to the home of the workspace' }),
    ...about
  }),
  response: VersionReference,
  status: 201,
  problems: ['quota-exceeded', 'unsupported-format', 'invalid-input', 'storage-full']
});
