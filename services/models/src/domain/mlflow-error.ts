/** Failures as MLflow clients know them; the HTTP status belongs to the code. */
export const mlflowStatuses = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  INVALID_STATE: 409,
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL_ERROR: 500,
  TEMPORARILY_UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504
} as const;
export type MlflowCode = keyof typeof mlflowStatuses;

/** An expected failure of the MLflow surface. */
export class MlflowError extends Error {
  readonly code: MlflowCode;

  constructor(code: MlflowCode, message: string) {
    super(message);
    this.name = 'MlflowError';
    this.code = code;
  }
}

export function invalidParameter(message: string): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', message);
}

export function missing(what: string, id: string): MlflowError {
  return new MlflowError('RESOURCE_DOES_NOT_EXIST', `${what} ${id} does not exist.`);
}
