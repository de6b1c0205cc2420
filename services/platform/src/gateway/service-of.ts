/**
 * Which service answers a path: `/api/<service>/…`, the two protocols of other programs, and for everything else (administration page, sign-in, event streams, which
 * any process can tell from the database) the one that knows the people.
 * @param path without the public prefix, with or without a query
 */
export function serviceOf(path: string): string {
  const [, first = '', second = ''] = path.split(/[/?]/);
  switch (first) {
    case 'api':
      return second === 'events' ? 'control' : second;
    case 'openai':
      return 'serving';
    case 'mlflow':
      return 'models';
    default:
      return 'control';
  }
}

/** The path behind the public prefix, as services see it; `undefined` when the request is not for the platform. @param prefix without a slash at its end */
export function pathBehind(prefix: string, url: string): string | undefined {
  if (!url.startsWith(prefix)) return undefined;
  const rest = url.slice(prefix.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : undefined;
}
