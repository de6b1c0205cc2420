import { Problem, type ProblemCode } from '@stratalab/contracts';
import type { Handler } from '@stratalab/kernel';
import { MlflowError, type MlflowCode } from './domain/mlflow-error.ts';

const codes: Readonly<Partial<Record<MlflowCode, ProblemCode>>> = {
  INVALID_PARAMETER_VALUE: 'invalid-request',
  RESOURCE_ALREADY_EXISTS: 'already-exists',
  RESOURCE_DOES_NOT_EXIST: 'not-found',
  INVALID_STATE: 'invalid-state'
};

/** A handler whose use case is shared with the MLflow surface: its failures leave as problems. */
export function native<Declared>(handler: Handler<Declared>): Handler<Declared> {
  return async (call, input, raw) => {
    try {
      return await handler(call, input, raw);
    } catch (error) {
      const code = error instanceof MlflowError ? codes[error.code] : undefined;
      if (code === undefined || !(error instanceof MlflowError)) throw error;
      throw new Problem(code, { detail: error.message, cause: error });
    }
  };
}
