import koffi from 'koffi';
import { dimensions, unsafeOrder, type EmbedAnswer, type EmbedOrder } from './messages.ts';

/** The embedder's own process: a crash of native code ends this, not the service. Ends with the process that started it. */
const [engine, weights] = process.argv.slice(2);
if (engine === undefined || weights === undefined) throw new Error('Usage: embedder-process ENGINE WEIGHTS');

const library = koffi.load(engine);
const load = library.func('void *e5_load(const char *path)');
const dimensionOf = library.func('int e5_dim(void *model)');
const embedBatch = library.func('int e5_embed_batch(void *model, const char **texts, int count, int is_query, _Out_ float *out)');
const countTokens = library.func('int e5_token_count(void *model, const char *text, int is_query)');

const model: unknown = load(weights);
if (model === null) throw new Error('The embedding model could not be read.');
if (dimensionOf(model) !== dimensions) throw new Error('The embedding model has an unexpected number of dimensions.');

function embed(order: EmbedOrder): EmbedAnswer {
  // C text ends at the first zero byte, and half a surrogate pair is no UTF-8.
  const texts = order.texts.map(text => text.replaceAll('\0', ' ').toWellFormed());
  const isQuery = order.isQuery ? 1 : 0;
  const values = new Float32Array(texts.length * dimensions);
  const status: unknown = embedBatch(model, texts, texts.length, isQuery, values);
  if (status !== 0) return { id: order.id, error: `the engine answered ${String(status)}` };
  const tokenCount = texts.reduce((sum, text) => sum + Number(countTokens(model, text, isQuery)), 0);
  return { id: order.id, values, tokenCount };
}

process.on('message', message => {
  const order = unsafeOrder(message);
  try {
    process.send?.(embed(order));
  } catch (error) {
    process.send?.({ id: order.id, error: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
// The terminal's Ctrl-C is for the service, which ends this process by closing the channel.
process.on('SIGINT', () => undefined);
