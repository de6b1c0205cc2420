import { realpathSync } from 'node:fs';
import type { Site } from '@stratalab/job-runtime-kubernetes';
import { Type } from 'typebox';
import type { PlatformConfig } from '../config.ts';
import { readGpuKinds } from './gpu-kinds.ts';
import { readJsonSetting } from './json-setting.ts';
import { pythonPackage } from './python-package.ts';

const parts = Type.Array(Type.Record(Type.String(), Type.Unknown()));
const podAdditions = Type.Object(
  {
    nodeSelector: Type.Optional(Type.Record(Type.String(), Type.String())),
    tolerations: Type.Optional(parts),
    imagePullSecrets: Type.Optional(parts),
    volumes: Type.Optional(parts),
    volumeMounts: Type.Optional(parts)
  },
  { additionalProperties: false }
);
const podSetting = {
  name: 'STRATALAB_JOB_POD',
  schema: podAdditions,
  hint: 'It is a JSON object with nodeSelector, tolerations, imagePullSecrets, volumes and volumeMounts, each as in a pod.'
};

/** What this installation says about the pods of its jobs. @throws invalid-request naming the setting that is not valid */
export function siteOf(config: PlatformConfig): Site {
  const nameOf = (tenant: string): string => `${config.STRATALAB_CLUSTER_NAMESPACE_PREFIX}${tenant}`;
  const { volumeMounts, ...pod } = readPodAdditions(config.STRATALAB_JOB_POD);
  return {
    image: config.STRATALAB_JOB_IMAGE,
    claimName: config.STRATALAB_CLUSTER_CLAIM,
    dataFolder: realpathSync(config.STRATALAB_DATA),
    user: { uid: config.STRATALAB_JOB_USER_ID, gid: config.STRATALAB_JOB_GROUP_ID },
    namespaceOf: nameOf,
    queueOf: nameOf,
    gpuResource: config.STRATALAB_CLUSTER_GPU_RESOURCE,
    gpuKinds: readGpuKinds(config.STRATALAB_CLUSTER_GPU_KINDS),
    isReclaiming: config.STRATALAB_CLUSTER_RECLAIM,
    pythonPackages: pythonPackage,
    pod,
    ...(volumeMounts === undefined ? {} : { volumeMounts }),
    ...(config.STRATALAB_RAY_IMAGE === '' ? {} : { ray: { image: config.STRATALAB_RAY_IMAGE, version: config.STRATALAB_RAY_VERSION } })
  };
}

/** What is added to every pod of a job. @throws invalid-request naming what is not valid */
export function readPodAdditions(text: string): NonNullable<Site['pod']> & Pick<Site, 'volumeMounts'> {
  return text === '' ? {} : unsafePodParts(readJsonSetting(podSetting, text));
}

/** The API server judges what is inside. */
function unsafePodParts(value: object): NonNullable<Site['pod']> & Pick<Site, 'volumeMounts'> {
  return value;
}
