import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

export type Logger = PinoLogger;

const secretFields = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'token',
  'secret',
  'key',
  'credential',
  'apiKey',
  'api_key',
  'access_key',
  'connectionString',
  'databaseUrl'
];

/** Credentials that appear inside free text (URLs, error messages) rather than under a known field. */
const secretText = [
  /(\b(?:token|bearer)\s+)[A-Za-z0-9._~+/=-]{8,}/gi,
  /(\b(?:sk-strata|stl1)[-.])[A-Za-z0-9._-]{4,}/g,
  /(\b\w{1,30}:\/\/[^\s:@/]{1,200}:)[^\s@/]+(?=@)/g,
  /([?&](?:token|key|secret|password|code)=)[^&\s"]+/gi
];
const longestText = 4_000;

/** Removes credentials from one piece of text and caps its length. */
export function redactText(text: string): string {
  // Twice the cap is read, so that a credential on the edge of what is kept is still recognised; no pattern sees more.
  const clean = secretText.reduce((current, pattern) => current.replace(pattern, '$1[redacted]'), text.slice(0, 2 * longestText));
  return text.length > longestText ? `${clean.slice(0, longestText)}… (${text.length} characters)` : clean;
}

/** Structured log: one event per line, fixed `event` field, secrets removed by field name and by shape. */
export function createLogger(options: { readonly level: string; readonly service: string; readonly destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service },
    redact: { paths: secretFields.flatMap(name => [field(name), `*${field(name, true)}`, `*.*${field(name, true)}`]), censor: '[redacted]' },
    serializers: { error: describeError, err: describeError },
    hooks: {
      logMethod(this: Logger, values: Parameters<Logger['info']>, method: (...values: Parameters<Logger['info']>) => void): void {
        method.apply(
          this,
          unsafeSameShape(
            values.map(value => (typeof value === 'string' ? redactText(value) : value)),
            values
          )
        );
      }
    }
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

function field(name: string, isNested = false): string {
  return name.includes('-') ? `["${name}"]` : isNested ? `.${name}` : name;
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? redactText(error) : error;
  return {
    name: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) })
  };
}

function unsafeSameShape<T>(values: readonly unknown[], _like: T): T {
  return values as T;
}
