import { closed } from '@stratalab/contracts';
import { servingRoutes, type ChatInput } from '@stratalab/contracts/serving';
import { defineService, mountService, type Embedder, type MountedService } from '@stratalab/kernel';

export interface Script {
  /** What the chat endpoint answers; throws what the endpoint would throw. */
  readonly reply: (request: ChatInput, endpoint: string) => string;
  /** Real embeddings, or a test's own. */
  readonly embedder: Pick<Embedder, 'model' | 'dimensions' | 'embed'>;
}

const routes = { completeChat: servingRoutes.completeChat, embedTexts: servingRoutes.embedTexts };

/**
 * The far side of `serving`, for tests of its callers: every endpoint exists and answers what the script says. Permissions, validation and
 * transport are the real ones.
 */
export function scriptedServing(script: Script): MountedService {
  const service = defineService<Script, typeof routes>({
    name: 'serving',
    routes,
    // A folder without SQL files: the script keeps nothing.
    migrations: new URL('./', import.meta.url),
    config: closed({}),
    create: ({ ports }) => ({
      handlers: {
        async completeChat(_call, { params, body }) {
          const text = ports.reply(body, params.endpoint);
          const words = (part: string): number => part.split(/\s+/).length;
          return { text, finishReason: 'stop', usage: { promptTokens: body.messages.reduce((sum, message) => sum + words(message.content), 0), completionTokens: words(text) } };
        },
        async embedTexts(call, { body }) {
          const { vectors, tokenCount } = await ports.embedder.embed({ texts: body.texts, kind: body.kind, signal: call.signal });
          return { model: ports.embedder.model, dimensions: ports.embedder.dimensions, vectors: vectors.map(vector => [...vector]), promptTokens: tokenCount };
        }
      }
    })
  });
  return mountService(service, script);
}
