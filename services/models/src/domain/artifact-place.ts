import { partsOfPath } from './artifact-path.ts';
import { invalidParameter } from './mlflow-error.ts';

/** Where an artifact belongs: a run, a logged model or a model version, by what we issued, and a relative path inside it. */
export interface ArtifactPlace {
  readonly kind: 'run' | 'logged-model' | 'version';
  /** Empty for versions. */
  readonly experimentId: string;
  /** For versions `<model>@<number>`. */
  readonly id: string;
  /** Empty for the root. */
  readonly path: string;
}

const experimentPattern = /^(0|[0-9a-z]{26})$/;
const runPattern = /^[0-9a-z]{26}$/;
const modelPattern = /^m-[0-9a-z]{26}$/;

export const runArtifactUri = (experimentId: string, runId: string): string => `mlflow-artifacts:/${experimentId}/${runId}/artifacts`;
export const loggedModelArtifactUri = (experimentId: string, modelId: string): string => `mlflow-artifacts:/${experimentId}/models/${modelId}/artifacts`;
export const experimentArtifactUri = (experimentId: string): string => `mlflow-artifacts:/${experimentId}`;

export const versionArtifactUri = (model: string, version: number): string => `mlflow-artifacts:/registered/${model}/${version}`;

/**
 * Reads the path of the artifact proxy: `<exp>/<run>/artifacts/…`, `<exp>/models/<m-id>/artifacts/…` or `registered/<model>/<version>/…`.
 * @throws INVALID_PARAMETER_VALUE
 */
export function placeOf(path: string): ArtifactPlace {
  const parts = partsOfPath(path);
  if (parts[0] === 'registered') return versionPlace(parts);
  const [experimentId = '', second = ''] = parts;
  const isModel = second === 'models';
  const id = isModel ? (parts[2] ?? '') : second;
  const rest = parts.slice(isModel ? 3 : 2);
  const isKnown = experimentPattern.test(experimentId) && (isModel ? modelPattern : runPattern).test(id) && rest[0] === 'artifacts';
  if (!isKnown) throw invalidParameter('Invalid path: it names no run or logged model of this tenant.');
  return { kind: isModel ? 'logged-model' : 'run', experimentId, id, path: rest.slice(1).join('/') };
}

function versionPlace(parts: readonly string[]): ArtifactPlace {
  const [, model = '', version = ''] = parts;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(model) || !/^[1-9][0-9]{0,8}$/.test(version)) throw invalidParameter('Invalid path: it names no model version of this tenant.');
  return { kind: 'version', experimentId: '', id: `${model}@${version}`, path: parts.slice(3).join('/') };
}

/** What `source` of a model version may be: only what we issued, resolved to an id (D11). */
export type ModelSource =
  | { readonly kind: 'artifacts'; readonly place: ArtifactPlace }
  | { readonly kind: 'run'; readonly runId: string; readonly path: string }
  | { readonly kind: 'logged-model'; readonly id: string }
  | { readonly kind: 'version'; readonly model: string; readonly version: number };

/** Reads a source URI. @throws INVALID_PARAMETER_VALUE for every location that is not ours */
export function readSource(source: string): ModelSource {
  const refuse = (): never => {
    throw invalidParameter(
      `Invalid model version source: '${source.slice(0, 200)}'. It must be a location this server issued: mlflow-artifacts:/…, runs:/<run>/…, models:/<name>/<version> or models:/<model id>.`
    );
  };
  if (/[?#]/.test(source)) return refuse();
  const artifacts = /^mlflow-artifacts:\/(?!\/)(.+)$/.exec(source)?.[1];
  if (artifacts !== undefined) return { kind: 'artifacts', place: placeOf(artifacts.replace(/\/$/, '')) };
  const run = /^runs:\/(?!\/)([0-9a-z]{26})\/(.+)$/.exec(source);
  if (run?.[1] !== undefined && run[2] !== undefined) return { kind: 'run', runId: run[1], path: partsOfPath(run[2]).join('/') };
  const logged = /^models:\/(m-[0-9a-z]{26})$/.exec(source)?.[1];
  if (logged !== undefined) return { kind: 'logged-model', id: logged };
  const version = /^models:\/([A-Za-z0-9][A-Za-z0-9._-]{0,127})\/([1-9][0-9]{0,8})$/.exec(source);
  if (version?.[1] !== undefined && version[2] !== undefined) return { kind: 'version', model: version[1], version: Number(version[2]) };
  return refuse();
}
