import type { ModelFormat } from '@stratalab/contracts/models';
import { parse } from 'yaml';

/** What an `MLmodel` file says that matters here. */
export interface MlModel {
  readonly format: ModelFormat;
  readonly flavours: readonly string[];
  /** Files the flavours themselves name; a sandbox loads them, nothing else. */
  readonly flavourFiles: readonly string[];
  readonly facts: Readonly<Record<string, string>>;
  readonly signature: { readonly inputs: string | null; readonly outputs: string | null } | null;
}

type Fields = Readonly<Record<string, unknown>>;
const longestFact = 300;
const longestSignature = 20_000;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/**
 * Reads an `MLmodel` document (YAML 1.2 core schema, no custom tags, bounded aliases).
 * @throws Error when it is not one
 */
export function readMlModel(text: string): MlModel {
  const document = fieldsOf(parse(text, { maxAliasCount: 20 }));
  const flavours = fieldsOf(document['flavors']);
  const names = Object.keys(flavours);
  if (names.length === 0) throw new Error('it names no flavours');
  const sklearn = fieldsOf(flavours['sklearn']);
  const python = fieldsOf(flavours['python_function']);
  const signature = fieldsOf(document['signature']);
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['flavours', names.join(', ')],
    ['mlflow', textOf(document['mlflow_version'])],
    ['python', textOf(python['python_version'])],
    ['scikit-learn', textOf(sklearn['sklearn_version'])],
    ['loader', textOf(python['loader_module'])],
    ['serialization', textOf(sklearn['serialization_format'])]
  ];
  return {
    format: names.includes('sklearn') ? 'mlflow-sklearn' : names.includes('onnx') ? 'onnx' : names.includes('python_function') ? 'mlflow-pyfunc' : 'other',
    flavours: names,
    flavourFiles: [textOf(sklearn['pickled_model']), textOf(python['model_path'])].flatMap(file => (file === undefined ? [] : [file])),
    facts: Object.fromEntries(facts.flatMap(([key, value]) => (value === undefined ? [] : [[key, value.slice(0, longestFact)] as const]))),
    signature:
      signature['inputs'] === undefined && signature['outputs'] === undefined
        ? null
        : { inputs: textOf(signature['inputs'])?.slice(0, longestSignature) ?? null, outputs: textOf(signature['outputs'])?.slice(0, longestSignature) ?? null }
  };
}
