import type { Actor } from '../actor.ts';

/** Turns a bearer credential into an actor. */
export interface IdentityProvider {
  /**
   * Answers who holds the credential, or `undefined` when it is not one of this provider's or not valid (any more).
   * A revoked credential stops being accepted after at most 30 s.
   * @throws unavailable when the authority cannot be asked
   */
  identify(credential: string, signal: AbortSignal): Promise<Actor | undefined>;
}

/** Asks providers in order; the first that knows the credential wins. */
export function firstOf(providers: readonly IdentityProvider[]): IdentityProvider {
  return {
    async identify(credential, signal) {
      for (const provider of providers) {
        const actor = await provider.identify(credential, signal);
        if (actor !== undefined) return actor;
      }
      return undefined;
    }
  };
}
