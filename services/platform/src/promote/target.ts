import { createClient, createHttpTransport, type Client } from '@stratalab/client';
import { Problem } from '@stratalab/contracts';
import { controlRoutes } from '@stratalab/contracts/control';

/** The installation that receives, as its administrator sees it. */
export interface Target {
  /** As it is shown and remembered; without a credential. */
  readonly url: string;
  readonly control: Client<typeof controlRoutes>;
  /** Sends the next bytes of a file. */
  putBytes(piece: { readonly tenant: string; readonly sha256: string; readonly offset: number; readonly sizeBytes: number; readonly bytes: Uint8Array }): Promise<{
    readonly receivedBytes: number;
    readonly isWhole: boolean;
  }>;
}

export interface TargetOptions {
  readonly to: string | undefined;
  readonly credential: string | undefined;
  /** Says that a plain http address is reached over a network that nobody listens on. */
  readonly isHttpAllowed: boolean;
  readonly fetch?: typeof fetch;
}

/** Long enough for a proxy's own limit to speak first. */
const timeoutMs = 10 * 60_000;
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** @throws invalid-request without a usable address or credential */
export function createTarget(options: TargetOptions): Target {
  const url = readUrl(options);
  const { credential } = options;
  if (credential === undefined || credential === '')
    throw new Problem('invalid-request', {
      detail: 'Say who you are there: a token of an administrator of the target (in its Hub: Token, all permissions).',
      hint: 'Put it into STRATALAB_PROMOTE_TOKEN, or into a file: --token-file FILE'
    });
  const baseUrl = `${url}/services/stratalab`;
  const headers = { authorization: `Bearer ${credential}` };
  const request = options.fetch ?? fetch;
  const transport = createHttpTransport({ baseUrl, headers: () => headers, timeoutMs, fetch: request });
  // The transport carries text; bytes go by the same client, so that both sides agree on paths and problems.
  const pieces = (bytes: Uint8Array): Client<typeof controlRoutes> =>
    createClient(
      controlRoutes,
      createHttpTransport({
        baseUrl,
        headers: () => headers,
        timeoutMs,
        fetch: (input, init) =>
          request(input, { ...init, headers: { ...headers, accept: 'application/json', 'content-type': 'application/octet-stream' }, body: new Uint8Array(bytes) })
      })
    );
  return {
    url,
    control: createClient(controlRoutes, transport),
    putBytes: ({ tenant, sha256, offset, sizeBytes, bytes }) => pieces(bytes).putPromotedBytes({ params: { name: tenant, sha256 }, query: { offset, sizeBytes } })
  };
}

function readUrl({ to, isHttpAllowed }: TargetOptions): string {
  const hint = 'npx stratalab promote --to https://hub.example.org';
  if (to === undefined || !URL.canParse(to)) throw new Problem('invalid-request', { detail: 'Say where to: the address of the other installation.', hint });
  const url = new URL(to);
  if ((url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new Problem('invalid-request', { detail: 'The address of the other installation is a plain https address.', hint });
  if (url.protocol === 'http:' && !loopback.has(url.hostname) && !isHttpAllowed)
    throw new Problem('invalid-request', {
      detail: `${url.origin} is not encrypted; an administrator's token would be readable on the way.`,
      hint: 'Use https, a tunnel to 127.0.0.1, or say --allow-http when nobody else is on that network.'
    });
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
