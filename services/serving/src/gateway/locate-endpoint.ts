import { can, type Actor } from '@stratalab/kernel';
import { badRequest, modelNotFound, OpenAiError } from './openai-error.ts';
import type { Route } from './route.ts';
import type { Router } from './router.ts';

const namePattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Tenants in which the caller may ask endpoints, by name. @throws OpenAiError 403 when there is none */
export function tenantsOf(actor: Actor): readonly string[] {
  const tenants = Object.keys(actor.tenants)
    .filter(tenant => can(actor, 'endpoint:invoke', tenant))
    .sort();
  if (tenants.length === 0) {
    throw new OpenAiError({
      status: 403,
      message: "This credential may not ask endpoints: it needs the scope 'endpoint:invoke' in a tenant.",
      type: 'permission_error',
      code: 'forbidden'
    });
  }
  return tenants;
}

/** Splits `tenant/name`; without a tenant all tenants of the caller are meant. @throws OpenAiError 404 for a tenant the caller is not in */
export function splitModel(actor: Actor, model: string): { readonly tenants: readonly string[]; readonly name: string } {
  const tenants = tenantsOf(actor);
  const at = model.indexOf('/');
  if (at < 0) return { tenants, name: model };
  const tenant = model.slice(0, at);
  if (!tenants.includes(tenant)) throw modelNotFound(model);
  return { tenants: [tenant], name: model.slice(at + 1) };
}

/**
 * Finds the endpoint a model name means: its name, or `tenant/name` where several tenants of the caller have one of that name.
 * @throws OpenAiError 404 when there is none; 400 when the name is ambiguous
 */
export async function locateEndpoint(router: Router, actor: Actor, model: string): Promise<Route> {
  const { tenants, name } = splitModel(actor, model);
  if (!namePattern.test(name)) throw modelNotFound(model);
  const found = (await Promise.all(tenants.map(tenant => router.route(tenant, name)))).filter(route => route !== undefined);
  const [first, second] = found;
  if (first === undefined) throw modelNotFound(model);
  if (second !== undefined) throw badRequest(`Several of your tenants have an endpoint '${name}': say ${found.map(route => `'${route.tenant}/${name}'`).join(' or ')}.`, 'model');
  return first;
}
