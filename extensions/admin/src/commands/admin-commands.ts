import { isPermission, isRole, Problem } from '@stratalab/contracts';
import { resourceNames } from '@stratalab/contracts/control';
import { lazyClient, type SuiteContext } from '@stratalab/lab-kit';
import type { ReadonlyJSONObject, ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { CommandRegistry } from '@lumino/commands';
import { closeTenant } from '../tenants/close-tenant';
import { deleteTenant } from '../tenants/delete-tenant';
import { profileProperties, putProfileByArguments, removeProfileByName } from '../profiles/profile-commands';
import { adminCommands } from './command-ids';

type Arguments = ReadonlyPartialJSONObject;
type Properties = ReadonlyJSONObject;

const tenantField = { type: 'string', description: 'Name of the tenant; the one this tab works in unless given' };
const userField = { type: 'string', description: 'User name as the Hub knows it' };

/** Adds what an administrator can do as commands, for the palette, notebooks and agents; each answers what the platform answered. */
export function addAdminCommands(suite: SuiteContext, commands: CommandRegistry): void {
  const texts = suite.translator.load('stratalab');
  const control = lazyClient(suite.stratalab, () => import('@stratalab/contracts/control').then(({ controlRoutes }) => controlRoutes));
  const inTenant = async (args: Arguments): Promise<{ tenant: string }> => ({ tenant: typeof args['tenant'] === 'string' ? args['tenant'] : await suite.stratalab.tenant() });
  const add = (id: string, label: string, described: Described, execute: (args: Arguments) => Promise<unknown>): void => {
    commands.addCommand(id, { label, execute, describedBy: { args: { type: 'object', ...described } } });
  };

  add(adminCommands.createTenant, texts.__('Create a tenant'), fields({ name: { type: 'string' }, displayName: { type: 'string' } }, ['name']), async args => {
    const name = text(args, 'name');
    return control.createTenant({ body: { name, displayName: typeof args['displayName'] === 'string' ? args['displayName'] : name } });
  });
  add(adminCommands.closeTenant, texts.__('Close a tenant'), fields({ tenant: { type: 'string', description: 'Asks before it closes' } }, ['tenant']), async args => {
    const tenant = await control.getTenant({ params: { tenant: text(args, 'tenant') } });
    return closeTenant(control, tenant, suite.translator);
  });
  add(adminCommands.reopenTenant, texts.__('Open a closed tenant again'), fields({ tenant: { type: 'string' } }, ['tenant']), async args =>
    control.reopenTenant({ params: { tenant: text(args, 'tenant') } })
  );
  add(
    adminCommands.deleteTenant,
    texts.__('Delete a closed tenant for good'),
    fields({ tenant: { type: 'string', description: 'Asks before it deletes' } }, ['tenant']),
    async args => {
      const tenant = await control.getTenant({ params: { tenant: text(args, 'tenant') } });
      return deleteTenant(control, tenant, suite.translator);
    }
  );
  add(
    adminCommands.setMember,
    texts.__('Add a member or change a role'),
    fields({ tenant: tenantField, user: userField, role: { type: 'string', enum: ['viewer', 'editor', 'admin'] } }, ['user', 'role']),
    async args => {
      const role = text(args, 'role');
      if (!isRole(role)) throw refused('role', 'viewer, editor, admin');
      return control.setMember({ params: { ...(await inTenant(args)), user: text(args, 'user') }, body: { role } });
    }
  );
  add(adminCommands.removeMember, texts.__('Remove a member'), fields({ tenant: tenantField, user: userField }, ['user']), async args =>
    control.removeMember({ params: { ...(await inTenant(args)), user: text(args, 'user') } })
  );
  const limit = { type: ['number', 'null'], description: 'In the unit of the resource; null: no limit' };
  add(
    adminCommands.setQuota,
    texts.__('Set a limit'),
    fields({ tenant: tenantField, resource: { type: 'string', enum: [...resourceNames] }, limit }, ['resource', 'limit']),
    async args => {
      const resource = resourceNames.find(name => name === args['resource']);
      if (resource === undefined) throw refused('resource', resourceNames.join(', '));
      const given = args['limit'];
      return control.setQuota({ params: { ...(await inTenant(args)), resource }, body: { limit: given === null ? null : Number(given) } });
    }
  );
  add(adminCommands.putProfile, texts.__('Create or change a profile'), fields(profileProperties, ['name']), async args =>
    putProfileByArguments(control, text(args, 'name'), args)
  );
  add(adminCommands.removeProfile, texts.__('Delete a profile'), fields({ name: { type: 'string', description: 'Asks before it deletes' } }, ['name']), async args =>
    removeProfileByName(control, text(args, 'name'), suite.translator)
  );
  const scopes = { type: 'array', items: { type: 'string' }, description: 'What the key may do, such as endpoint:invoke' };
  add(adminCommands.createAccessKey, texts.__('Create an access key'), fields({ tenant: tenantField, name: { type: 'string' }, scopes }, ['name', 'scopes']), async args => {
    const asked = Array.isArray(args['scopes']) ? args['scopes'].map(String) : [];
    return control.createAccessKey({ params: await inTenant(args), body: { name: text(args, 'name'), scopes: asked.filter(isPermission) } });
  });
  add(
    adminCommands.revokeAccessKey,
    texts.__('Revoke an access key'),
    fields({ tenant: tenantField, key: { type: 'string', description: 'Id of the key' } }, ['key']),
    async args => control.revokeAccessKey({ params: { ...(await inTenant(args)), key: text(args, 'key') } })
  );
  add(adminCommands.verifyAudit, texts.__('Verify the audit log'), fields({ tenant: tenantField }, []), async args => control.verifyAudit({ params: await inTenant(args) }));
}

interface Described {
  readonly properties: Properties;
  readonly required: string[];
}

function fields(properties: Properties, required: string[]): Described {
  return { properties, required };
}

function text(args: Arguments, name: string): string {
  const value = args[name];
  if (typeof value !== 'string' || value === '') throw refused(name, 'text');
  return value;
}

function refused(name: string, expected: string): Problem {
  return new Problem('invalid-request', { detail: `The argument '${name}' must be one of: ${expected}.` });
}
