import { splitModel } from './locate-endpoint.ts';
import { badRequest, modelNotFound } from './openai-error.ts';
import { parseBody, type Fields } from './parse-body.ts';
import { embedFor } from '../usecases/embed-texts.ts';
import { subjectOf } from './subject.ts';
import type { GatewayHandler, GatewayParts } from './surface.ts';

const highestTexts = 2048;

/** Embeddings by the model that comes with the platform; every tenant has it. */
export function createEmbeddingRoute(parts: GatewayParts): GatewayHandler {
  return async ({ actor, body, reply }) => {
    const { fields, model } = parseBody(body);
    const { tenants, name } = splitModel(actor, model);
    const [tenant] = tenants;
    if (name !== parts.embedder.model || tenant === undefined) throw modelNotFound(model);
    const texts = textsOf(fields['input']);
    const isBase64 = formatOf(fields);
    if (fields['dimensions'] !== undefined && fields['dimensions'] !== null && fields['dimensions'] !== parts.embedder.dimensions)
      throw badRequest(`This model has ${parts.embedder.dimensions} dimensions.`, 'dimensions', 'unsupported_value');
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort(new Error('The caller went away.')));
    // Texts to be found are the common case; a question says so with `input_type`, as other servers of this kind have it.
    const kind = fields['input_type'] === 'query' ? 'query' : 'passage';
    const { vectors, tokenCount } = await embedFor(parts, { tenant, subject: subjectOf(actor), texts, kind, signal: gone.signal });
    return reply
      .type('application/json')
      .serializer(JSON.stringify)
      .send({
        object: 'list',
        data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: isBase64 ? base64Of(vector) : Array.from(vector) })),
        model,
        usage: { prompt_tokens: tokenCount, total_tokens: tokenCount }
      });
  };
}

function textsOf(input: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(input) ? input : [input];
  if (list.length === 0 || list.length > highestTexts) throw badRequest(`'input' must hold 1 to ${highestTexts} texts.`, 'input');
  return list.map(text => {
    if (typeof text !== 'string') throw badRequest("'input' must be text or a list of texts; this model takes no token ids.", 'input');
    if (text === '') throw badRequest("'input' must not hold an empty text.", 'input');
    return text;
  });
}

function formatOf(fields: Fields): boolean {
  const format = fields['encoding_format'] ?? 'float';
  if (format !== 'float' && format !== 'base64') throw badRequest("'encoding_format' must be 'float' or 'base64'.", 'encoding_format');
  return format === 'base64';
}

/** Little-endian 32-bit floats, as stock clients read them. */
function base64Of(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}
