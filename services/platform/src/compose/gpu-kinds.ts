import { Problem } from '@stratalab/contracts';
import { GpuKind as KindName } from '@stratalab/contracts/compute';
import type { GpuKind } from '@stratalab/job-runtime-kubernetes';
import { Type } from 'typebox';
import { Value } from 'typebox/value';

const resource = Type.String({ pattern: '^[a-z0-9.-]+/[A-Za-z0-9._-]+$' });
const Kinds = Type.Record(KindName, Type.Object({ resource, nodeSelector: Type.Optional(Type.Record(Type.String(), Type.String())) }, { additionalProperties: false }), {
  additionalProperties: false
});

/** Kinds of GPU by their names, from STRATALAB_CLUSTER_GPU_KINDS. @throws invalid-request naming what is not valid */
export function readGpuKinds(text: string): Readonly<Record<string, GpuKind>> {
  if (text === '') return {};
  const value = parsed(text);
  if (Value.Check(Kinds, value)) return value;
  const [error] = Value.Errors(Kinds, value);
  throw new Problem('invalid-request', {
    detail: `STRATALAB_CLUSTER_GPU_KINDS is not valid: ${error === undefined ? 'no JSON' : `${error.instancePath} ${error.message}`.trim()}.`,
    hint: 'It is a JSON object: names of lower-case letters, digits, dots and dashes, each with a resource and, if needed, a nodeSelector.'
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
