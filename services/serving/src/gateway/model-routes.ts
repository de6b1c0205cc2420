import type { Actor } from '@stratalab/kernel';
import { tenantsOf } from './locate-endpoint.ts';
import { modelNotFound } from './openai-error.ts';
import type { GatewayHandler, GatewayParts } from './surface.ts';

export interface ListedEndpoint {
  readonly name: string;
  readonly createdAt: string;
}

interface ModelObject {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
}

/** What can be asked, as the OpenAI protocol lists models: language models by endpoint name, and the embedding model. */
export function createModelRoutes(parts: GatewayParts): { readonly list: GatewayHandler; readonly read: GatewayHandler } {
  const modelsOf = async (actor: Actor): Promise<readonly ModelObject[]> => {
    const tenants = tenantsOf(actor);
    const lists = await Promise.all(tenants.map(async tenant => ({ tenant, endpoints: await parts.listEndpoints(tenant) })));
    const all = lists.flatMap(({ tenant, endpoints }) => endpoints.map(endpoint => ({ tenant, ...endpoint })));
    const uses = new Map<string, number>();
    for (const { name } of all) uses.set(name, (uses.get(name) ?? 0) + 1);
    const endpoints = all.map(({ tenant, name, createdAt }) => modelOf(uses.get(name) === 1 ? name : `${tenant}/${name}`, tenant, createdAt));
    return [...endpoints, modelOf(parts.embedder.model, 'stratalab', '2026-01-01T00:00:00.000Z')];
  };
  return {
    list: async ({ actor, reply }) =>
      reply
        .serializer(JSON.stringify)
        .type('application/json')
        .send({ object: 'list', data: await modelsOf(actor) }),
    async read({ actor, request, reply }) {
      const wanted = wildcardOf(request.params);
      const found = (await modelsOf(actor)).find(({ id, owned_by: owner }) => id === wanted || `${owner}/${id}` === wanted);
      if (found === undefined) throw modelNotFound(wanted);
      return reply
        .serializer(JSON.stringify)
        .type('application/json')
        .send({ ...found, id: wanted });
    }
  };
}

function modelOf(id: string, owner: string, createdAt: string): ModelObject {
  return { id, object: 'model', created: Math.floor(Date.parse(createdAt) / 1000), owned_by: owner };
}

function wildcardOf(params: unknown): string {
  return typeof params === 'object' && params !== null && '*' in params ? String(params['*']) : '';
}
