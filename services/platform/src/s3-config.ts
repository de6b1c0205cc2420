import { Type, type Static } from 'typebox';

/** Settings of the bucket that holds what is published, beside the data volume. Without a name there is none. */
export const s3Config = Type.Object({
  STRATALAB_S3_BUCKET: Type.String({
    default: '',
    pattern: '^(|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$',
    description: 'Name of a bucket that exists; only the data volume holds objects when empty'
  }),
  STRATALAB_S3_ENDPOINT: Type.String({ default: '', pattern: '^(|https?://[^\\s]+)$', description: 'Address of the S3 (`https://s3.example.org`); that of AWS when empty' }),
  STRATALAB_S3_REGION: Type.String({ default: 'us-east-1', minLength: 1, description: 'Region of the bucket' }),
  STRATALAB_S3_PREFIX: Type.String({
    default: '',
    pattern: '^(|[^/\\s](.*[^/\\s])?/)$',
    description: 'Every key begins with this, with its slash (`stratalab/`), where the bucket is shared with other programs'
  }),
  STRATALAB_S3_PATH_STYLE: Type.Boolean({
    default: true,
    description: 'The bucket is in the path of an address, as most S3 want it; `false` puts it in the host name, as AWS does'
  }),
  STRATALAB_S3_CREDENTIALS: Type.String({
    default: '',
    description: 'Folder with the files `access-key-id` and `secret-access-key`; the usual ways of AWS programs when empty (role of the pod, `AWS_…`)'
  })
});
export type S3Config = Static<typeof s3Config>;
