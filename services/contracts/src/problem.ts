import type { ProblemDocument } from './problem-document.ts';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly retryable: boolean;
}

/** Every expected failure of the platform: one table, one code each (RFC 9457 `type` is `urn:strata:problem:<code>`). */
export const problemKinds = {
  'invalid-request': { status: 400, title: 'The request is not valid', retryable: false },
  unauthenticated: { status: 401, title: 'Sign in first', retryable: false },
  forbidden: { status: 403, title: 'Your role does not allow this', retryable: false },
  'not-found': { status: 404, title: 'There is no such object', retryable: false },
  conflict: { status: 409, title: 'Another change got there first', retryable: false },
  'already-exists': { status: 409, title: 'An object of this name exists', retryable: false },
  'in-use': { status: 409, title: 'Other objects depend on this one', retryable: false },
  'invalid-state': { status: 409, title: 'The object is not in a state that allows this', retryable: false },
  'quota-exceeded': { status: 409, title: 'The quota does not allow this', retryable: false },
  'payload-too-large': { status: 413, title: 'The body is too large', retryable: false },
  'unsupported-format': { status: 415, title: 'This format is not supported', retryable: false },
  'range-not-satisfiable': { status: 416, title: 'There is nothing at this position', retryable: false },
  'key-reused': { status: 422, title: 'This idempotency key was used for another request', retryable: false },
  'too-many-requests': { status: 429, title: 'Too many requests', retryable: true },
  'storage-full': { status: 507, title: 'The disk is full', retryable: true },
  'invalid-input': { status: 422, title: 'The content could not be read', retryable: false },
  unavailable: { status: 503, title: 'A part of the platform does not answer right now', retryable: true },
  'timed-out': { status: 504, title: 'This took too long and was stopped', retryable: true },
  internal: { status: 500, title: 'Something went wrong on our side', retryable: false }
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;
export const problemCodes: readonly ProblemCode[] = Object.keys(problemKinds).filter(isProblemCode);

export function isProblemCode(value: string): value is ProblemCode {
  return Object.hasOwn(problemKinds, value);
}

export type ProblemDetails = Omit<Partial<ProblemDocument>, 'type' | 'title' | 'status' | 'code' | 'retryable'> & {
  readonly cause?: unknown;
  /** Seconds after which a retry makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
};

/** An expected failure. Anything else that is thrown is a bug and answers 500 without detail. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.detail ?? problemKinds[code].title, { cause: details.cause });
    this.name = 'Problem';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return problemKinds[this.code].status;
  }

  get isRetryable(): boolean {
    return problemKinds[this.code].retryable;
  }

  toDocument(requestId?: string): ProblemDocument {
    const kind = problemKinds[this.code];
    const { cause: _cause, retryAfterSeconds: _retryAfterSeconds, ...details } = this.details;
    return {
      type: `urn:strata:problem:${this.code}`,
      title: kind.title,
      status: kind.status,
      code: this.code,
      retryable: kind.retryable,
      ...details,
      ...(requestId === undefined ? {} : { instance: requestId })
    };
  }
}
