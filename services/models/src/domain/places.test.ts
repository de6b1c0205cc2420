import { describe, expect, test } from '@jest/globals';
import { Problem } from '@stratalab/contracts';
import fc from 'fast-check';
import { isWithin, partsOfPath } from './artifact-path.ts';
import { placeOf, readSource } from './artifact-place.ts';
import { datasetOfSource } from './dataset-source.ts';
import { MlflowError } from './mlflow-error.ts';

const run = '01hzzzzzzzzzzzzzzzzzzzzzzz';

describe('places of artifacts', () => {
  test('T15 a path is plainly relative or refused', () => {
    expect(partsOfPath('a b/ü.txt')).toEqual(['a b', 'ü.txt']);
    for (const path of ['', '/a', 'a/', 'a//b', '..', 'a/../b', './a', 'a\\b', 'a%2eb', '%2F', 'a%00', 'a\u0000', 'a\nb', 'file:x', 'C:x', 'x'.repeat(256)]) {
      expect(() => partsOfPath(path)).toThrow(Problem);
    }
  });

  test('T15 no path that is taken leads up, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: fc.constantFrom('.', '/', '\\', '%', '2', 'e', 'f', 'a', '\u0000', ':') }), path => {
        try {
          for (const part of partsOfPath(path)) expect(['', '.', '..']).not.toContain(part);
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
        }
      })
    );
  });

  test('T16 neighbours that begin the same are apart', () => {
    expect(isWithin('model/w', 'model')).toBe(true);
    expect(isWithin('model-2/w', 'model')).toBe(false);
  });

  test('only what we issued is a place', () => {
    expect(placeOf(`0/${run}/artifacts/model/w`)).toEqual({ kind: 'run', experimentId: '0', id: run, path: 'model/w' });
    expect(placeOf(`${run}/models/m-${run}/artifacts`)).toEqual({ kind: 'logged-model', experimentId: run, id: `m-${run}`, path: '' });
    expect(placeOf('registered/tiny/3/MLmodel')).toEqual({ kind: 'version', experimentId: '', id: 'tiny@3', path: 'MLmodel' });
    for (const path of ['0', `0/${run}`, `0/${run}/model`, `1/${run}/artifacts`, 'registered/tiny', 'registered/../3']) expect(() => placeOf(path)).toThrow();
  });

  test('sources: four kinds, nothing else (D11)', () => {
    expect(readSource(`runs:/${run}/model`)).toEqual({ kind: 'run', runId: run, path: 'model' });
    expect(readSource(`models:/m-${run}`)).toEqual({ kind: 'logged-model', id: `m-${run}` });
    expect(readSource('models:/tiny/3')).toEqual({ kind: 'version', model: 'tiny', version: 3 });
    for (const source of [
      '/etc',
      'file:///etc',
      's3://b/k',
      'http://x/y',
      'dbfs:/x',
      `runs:/${run}/..`,
      `runs://host/${run}/m`,
      'mlflow-artifacts://host/x',
      `runs:/${run}/m?x`,
      'models:/tiny@champion'
    ]) {
      expect(() => readSource(source)).toThrow();
    }
    expect(() => readSource('s3://b/k')).toThrow(MlflowError);
  });

  test('a mounted dataset is known by its path', () => {
    expect(datasetOfSource('demo', '{"uri": "/home/ann/datasets/flights@12"}')).toBe('urn:strata:demo:dataset:flights@12');
    expect(datasetOfSource('demo', '/home/ann/mydatasets/flights@12')).toBeUndefined();
  });
});
