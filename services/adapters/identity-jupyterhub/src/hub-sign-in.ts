import { createHash } from 'node:crypto';
import { Problem } from '@stratalab/contracts';

export interface HubSignInOptions {
  /** `JUPYTERHUB_API_URL`, where codes are redeemed. */
  readonly apiUrl: string;
  /** The Hub's base path as browsers see it, with slashes around it (`/`). */
  readonly basePath: string;
  /** Our service prefix with slashes around it (`/services/stratalab/`). */
  readonly servicePrefix: string;
  readonly serviceName: string;
  /** The service's own token; also the secret of its OAuth client. */
  readonly token: string;
}

/** Signs people in at the Hub in the browser, as its OAuth client (authorization code with PKCE). */
export interface HubSignIn {
  authorizeUrl(request: { readonly state: string; readonly verifier: string }): string;
  /** The person's token, or `undefined` when the Hub does not accept the code. @throws unavailable */
  redeem(answer: { readonly code: string; readonly verifier: string }): Promise<string | undefined>;
}

/** Speaks OAuth with the Hub that manages this service. */
export function createHubSignIn(options: HubSignInOptions): HubSignIn {
  const clientId = `service-${options.serviceName}`;
  const redirectUri = `${options.servicePrefix}oauth_callback`;
  return {
    authorizeUrl({ state, verifier }) {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256'
      });
      return `${options.basePath}hub/api/oauth2/authorize?${query.toString()}`;
    },
    async redeem({ code, verifier }) {
      const answer = await fetch(`${options.apiUrl}/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({
          client_id: clientId,
          client_secret: options.token,
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          code_verifier: verifier
        }),
        signal: AbortSignal.timeout(10_000),
        redirect: 'error'
      }).catch((cause: unknown) => {
        throw new Problem('unavailable', { detail: 'The Hub does not answer right now.', retryAfterSeconds: 2, cause });
      });
      if (!answer.ok) return undefined;
      const body: unknown = await answer.json();
      return typeof body === 'object' && body !== null && 'access_token' in body && typeof body.access_token === 'string' ? body.access_token : undefined;
    }
  };
}
