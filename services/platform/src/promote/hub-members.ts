import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isRole, roles, type Role } from '@stratalab/contracts';

export interface HubMember {
  readonly user: string;
  readonly role: Role;
}

/**
 * Members of a tenant as the Hub of this data folder knows them: its groups are `<tenant>:<role>`, the strongest counts.
 * Read from its own database, because the Hub is stopped; nothing but names leaves it.
 */
export function readHubMembers(data: string, tenant: string): readonly HubMember[] {
  const path = join(data, 'hub', 'jupyterhub.sqlite');
  if (!existsSync(path)) return [];
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database
      .prepare(
        'select users.name as user, groups.name as grp from users join user_group_map on user_group_map.user_id = users.id join groups on groups.id = user_group_map.group_id order by users.name'
      )
      .all();
    const found = new Map<string, Role>();
    for (const row of rows) {
      const role = String(row['grp']).startsWith(`${tenant}:`) ? String(row['grp']).slice(tenant.length + 1) : '';
      const user = String(row['user']);
      const known = found.get(user);
      if (isRole(role) && (known === undefined || roles.indexOf(role) > roles.indexOf(known))) found.set(user, role);
    }
    return [...found].map(([user, role]) => ({ user, role }));
  } finally {
    database.close();
  }
}
