import { describe, expect, test } from '@jest/globals';
import { permissionTable } from './permissions.ts';
import type { Route } from './route.ts';
import { kernelRoutes } from './event.ts';
import { tablesByService } from './tables.ts';

const routes = Object.entries({ ...tablesByService, events: kernelRoutes }).flatMap(([service, table]) =>
  Object.entries(table).map(([name, declared]) => ({ service, name, declared }))
);
const cases = routes.map(route => [`${route.service} ${route.name}`, route] as const);

/** Objects of a schema that take fields nobody declared. */
function openObjects(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const entries = Object.entries(schema);
  const isRecord = 'patternProperties' in schema;
  const isOpen = 'type' in schema && schema.type === 'object' && !isRecord && !('additionalProperties' in schema && schema.additionalProperties === false);
  return [...(isOpen ? [path] : []), ...entries.flatMap(([name, value]) => openObjects(value, `${path}/${name}`))];
}

describe('the route tables', () => {
  test.each(cases)('%s lives under its service and says what it does', (_name, { service, declared }) => {
    if (declared.permission !== 'anonymous') expect(declared.path.startsWith(`/api/${service}/v1/`)).toBe(true);
    expect(declared.summary).toMatch(/^[A-Z]/);
  });

  test('operation names and method with path are unique over all services', () => {
    const names = routes.map(({ declared }) => declared.operationId);
    const places = routes.map(({ declared }) => `${declared.method} ${declared.path.replace(/\{[^}]+\}/g, '{}')}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  });

  test.each(cases)('%s: the parameters of the path are the declared ones', (_name, { declared }) => {
    const inPath = [...declared.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
    expect(Object.keys(declared.params.properties).sort()).toEqual([...inPath].sort());
  });

  test.each(cases)('%s: a permission of a tenant comes with a tenant in the path', (_name, { declared }: { readonly declared: Route }) => {
    const { permission } = declared;
    if (permission === 'anonymous' || permission === 'signed-in') return;
    if (permissionTable[permission] !== 'platform') expect(declared.path).toContain('/tenants/{tenant}');
    if (declared.path.includes('{tenant}')) expect(declared.path).toMatch(/\/tenants\/\{tenant\}(\/|$)/);
  });

  test.each(cases)('%s: what only reads is a GET without audit, what deletes is audited', (_name, { declared }) => {
    if (declared.method === 'GET') expect(declared.audit).toBe(false);
    if (declared.method === 'DELETE') expect(declared.audit).not.toBe(false);
  });

  test.each(cases)('T03 T55 %s: path, query and body are closed objects: nothing undeclared gets in', (_name, { declared }) => {
    expect([...openObjects(declared.params, 'params'), ...openObjects(declared.query, 'query'), ...openObjects(declared.body, 'body')]).toEqual([]);
  });
});
