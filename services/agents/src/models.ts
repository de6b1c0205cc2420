import { servingRoutes } from '@stratalab/contracts/serving';
import { serviceActor, type Call, type ServiceContext } from '@stratalab/kernel';
import type { AgentsPorts } from './ports.ts';
import type { DocumentParts } from './reconcilers/document.ts';
import type { AskParts } from './usecases/ask.ts';

type Context = ServiceContext<AgentsPorts>;

/** Embedding is part of retrieval, so it runs with the rights of this service; a chat endpoint is asked with the caller's own rights. */
export function modelsFor(context: Context, call: Call): Pick<AskParts, 'embedQuery' | 'completeChat'> {
  return {
    async embedQuery(query) {
      const { model, vectors } = await embedder(context, call.tenant, call.actor.onBehalfOf ?? call.actor.subject).embedTexts(
        { params: { tenant: call.tenant }, body: { texts: [query], kind: 'query' } },
        { signal: call.signal }
      );
      return { model, vector: vectors[0] ?? [] };
    },
    completeChat: (endpoint, request) =>
      context.clientFor(servingRoutes, call.actor).completeChat({ params: { tenant: call.tenant, endpoint }, body: request }, { signal: call.signal })
  };
}

/** Embeds passages of a tenant in the background. */
export function passagesFor(context: Context): DocumentParts['embedPassages'] {
  return (tenant, texts) => embedder(context, tenant).embedTexts({ params: { tenant }, body: { texts, kind: 'passage' } });
}

function embedder(context: Context, tenant: string, onBehalfOf?: string) {
  return context.clientFor(servingRoutes, serviceActor('agents', tenant, onBehalfOf));
}
