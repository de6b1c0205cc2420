import { GpuKind as KindName } from '@stratalab/contracts/compute';
import type { GpuKind } from '@stratalab/job-runtime-kubernetes';
import { Type } from 'typebox';
import { readJsonSetting } from './json-setting.ts';

const resource = Type.String({ pattern: '^[a-z0-9.-]+/[A-Za-z0-9._-]+$' });
const Kinds = Type.Record(KindName, Type.Object({ resource, nodeSelector: Type.Optional(Type.Record(Type.String(), Type.String())) }, { additionalProperties: false }), {
  additionalProperties: false
});

const setting = {
  name: 'STRATALAB_CLUSTER_GPU_KINDS',
  schema: Kinds,
  hint: 'It is a JSON object: names of lower-case letters, digits, dots and dashes, each with a resource and, if needed, a nodeSelector.'
};

/** Kinds of GPU by their names, from STRATALAB_CLUSTER_GPU_KINDS. @throws invalid-request naming what is not valid */
export function readGpuKinds(text: string): Readonly<Record<string, GpuKind>> {
  return text === '' ? {} : readJsonSetting(setting, text);
}
