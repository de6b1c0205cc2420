import { Problem, roles, type Role } from '@stratalab/contracts';
import { groupName } from './groups.ts';

/** The Hub as the authority on people: users, groups, invitations. */
export interface HubPeople {
  /** Adds the user to the Hub when it is unknown and gives it exactly this role in the tenant. */
  setRole(tenant: string, user: string, role: Role): Promise<void>;
  /** Takes every role of the tenant away; the account stays. */
  removeFromTenant(tenant: string, user: string): Promise<void>;
  members(tenant: string): Promise<readonly { readonly user: string; readonly role: Role }[]>;
  /** A one-time link (72 h) by which the user chooses a password; `undefined` where accounts live elsewhere (OIDC). */
  invite(user: string): Promise<{ readonly url: string; readonly expires: string } | undefined>;
  createTenant(tenant: string): Promise<void>;
  removeTenant(tenant: string): Promise<void>;
}

export interface HubPeopleOptions {
  readonly apiUrl: string;
  /** The service's own token at the Hub. */
  readonly token: string;
}

/** Speaks to the JupyterHub REST API as the service `stratalab`. */
export function createHubPeople(options: HubPeopleOptions): HubPeople {
  const call = createCaller(options);
  const path = (group: string): string => `/groups/${encodeURIComponent(group)}`;
  const removeRoles = async (tenant: string, user: string, kept?: Role): Promise<void> => {
    for (const role of roles.filter(other => other !== kept)) await call('DELETE', `${path(groupName(tenant, role))}/users`, { users: [user] }, [404]);
  };
  return {
    async setRole(tenant, user, role) {
      await call('POST', `/users/${encodeURIComponent(user)}`, undefined, [409]);
      await call('POST', path(groupName(tenant, role)), undefined, [409]);
      await call('POST', `${path(groupName(tenant, role))}/users`, { users: [user] });
      await removeRoles(tenant, user, role);
    },
    removeFromTenant: (tenant, user) => removeRoles(tenant, user),
    async members(tenant) {
      const found = new Map<string, Role>();
      for (const role of roles) {
        const group = await call('GET', path(groupName(tenant, role)), undefined, [404]);
        for (const user of usersOf(group)) found.set(user, role);
      }
      return [...found].sort(([a], [b]) => a.localeCompare(b)).map(([user, role]) => ({ user, role }));
    },
    async invite(user) {
      const answer = await call('POST', '/stratalab/invites', { name: user }, [404]);
      if (typeof answer !== 'object' || answer === null || !('url' in answer) || !('expires' in answer)) return undefined;
      return { url: String(answer.url), expires: String(answer.expires) };
    },
    async createTenant(tenant) {
      for (const role of roles) await call('POST', path(groupName(tenant, role)), undefined, [409]);
    },
    async removeTenant(tenant) {
      for (const role of roles) await call('DELETE', path(groupName(tenant, role)), undefined, [404]);
    }
  };
}

type Caller = (method: string, path: string, body?: unknown, accepted?: readonly number[]) => Promise<unknown>;

function createCaller(options: HubPeopleOptions): Caller {
  return async (method, path, body, accepted = []) => {
    const answer = await fetch(`${options.apiUrl}${path}`, {
      method,
      headers: { authorization: `token ${options.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
      redirect: 'error'
    }).catch((cause: unknown) => {
      throw new Problem('unavailable', { detail: 'The Hub does not answer right now.', retryAfterSeconds: 2, cause });
    });
    const text = await answer.text();
    if (accepted.includes(answer.status)) return undefined;
    if (answer.status === 400 && path.startsWith('/users/')) throw new Problem('invalid-request', { detail: `The Hub does not accept this user name.` });
    if (!answer.ok) throw new Problem('unavailable', { detail: `The Hub answered ${answer.status}.`, retryAfterSeconds: 2 });
    return text === '' ? undefined : JSON.parse(text);
  };
}

function usersOf(group: unknown): readonly string[] {
  if (typeof group !== 'object' || group === null || !('users' in group) || !Array.isArray(group.users)) return [];
  return group.users.filter(user => typeof user === 'string');
}
