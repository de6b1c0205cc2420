export { createRayClient, type RayClient, type RayClientOptions } from './ray-client.ts';
export { createRayHeadJobRuntime, type RayHeadOptions } from './ray-head-job-runtime.ts';
