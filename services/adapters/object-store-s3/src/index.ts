export { createBucket, type Bucket, type BucketSettings } from './bucket.ts';
export { createS3ObjectStore, fetchedMark, type S3ObjectStore } from './s3-object-store.ts';
