import { Problem } from '@stratalab/contracts';

export interface OpenAiErrorFields {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly code?: string;
  readonly param?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal in the words of the OpenAI protocol: the stock clients choose their exception by status, and show `message`. */
export class OpenAiError extends Error {
  readonly fields: OpenAiErrorFields;

  constructor(fields: OpenAiErrorFields) {
    super(fields.message);
    this.name = 'OpenAiError';
    this.fields = fields;
  }

  toBody(): { readonly error: { readonly message: string; readonly type: string; readonly param: string | null; readonly code: string | null } } {
    const { message, type, param, code } = this.fields;
    return { error: { message, type, param: param ?? null, code: code ?? null } };
  }
}

export function badRequest(message: string, param?: string, code?: string): OpenAiError {
  return new OpenAiError({ status: 400, message, type: 'invalid_request_error', ...(param === undefined ? {} : { param }), ...(code === undefined ? {} : { code }) });
}

/** The same answer for a model that does not exist and for one of another tenant. */
export function modelNotFound(model: string): OpenAiError {
  return new OpenAiError({
    status: 404,
    message: `The model '${model}' does not exist or you have no access to it.`,
    type: 'invalid_request_error',
    param: 'model',
    code: 'model_not_found'
  });
}

/** Stock clients retry 429 and 5xx twice; a day's quota does not come back in seconds, so they are told not to. */
const doNotRetry = { 'x-should-retry': 'false' };

/** What any failure looks like to an OpenAI client; `undefined` for one that is a bug of ours. */
export function asOpenAiError(error: unknown, now: Date): OpenAiError | undefined {
  if (error instanceof OpenAiError) return error;
  if (!(error instanceof Problem)) return undefined;
  const { details, status } = error;
  const message = [error.message, details.hint].filter(part => part !== undefined).join(' ');
  const retry =
    details.retryAfterSeconds === undefined ? undefined : { 'retry-after': String(details.retryAfterSeconds), 'retry-after-ms': String(details.retryAfterSeconds * 1000) };
  switch (error.code) {
    case 'unauthenticated':
      return new OpenAiError({ status, message: `Incorrect API key provided. ${message}`, type: 'invalid_request_error', code: 'invalid_api_key' });
    case 'forbidden':
      return new OpenAiError({ status, message, type: 'permission_error', code: 'forbidden' });
    case 'not-found':
      return new OpenAiError({ status, message, type: 'invalid_request_error', code: 'not_found' });
    case 'quota-exceeded':
      return new OpenAiError({
        status: 429,
        message,
        type: 'insufficient_quota',
        code: 'insufficient_quota',
        headers: { ...doNotRetry, 'retry-after': String(secondsToMidnight(now)) }
      });
    case 'too-many-requests':
      return new OpenAiError({ status: 429, message, type: 'rate_limit_error', code: 'rate_limit_exceeded', headers: retry ?? { 'retry-after': '1' } });
    case 'unavailable':
    case 'timed-out':
      return new OpenAiError({ status, message, type: 'server_error', code: error.code === 'unavailable' ? 'model_not_ready' : 'timeout', headers: retry ?? doNotRetry });
    case 'internal':
      return undefined;
    default:
      return new OpenAiError({ status: status === 409 ? 400 : status, message, type: 'invalid_request_error', code: error.code.replaceAll('-', '_') });
  }
}

function secondsToMidnight(now: Date): number {
  const next = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
  return Math.max(1, Math.ceil((next - now.getTime()) / 1000));
}
