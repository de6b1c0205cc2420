import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { UpstreamFailure } from './dispatch.ts';
import { locateEndpoint } from './locate-endpoint.ts';
import { badRequest, OpenAiError } from './openai-error.ts';
import { parseBody, type Fields } from './parse-body.ts';
import { subjectOf } from './subject.ts';
import type { GatewayHandler, GatewayParts } from './surface.ts';
import type { TokenHold } from './token-budget.ts';

/** Chat and legacy completions: routed by the model's name, answered by a replica, bytes passed on as they come. */
export function createGenerationRoute(parts: GatewayParts, path: '/v1/chat/completions' | '/v1/completions'): GatewayHandler {
  return async ({ actor, body, request, reply }) => {
    const startedAt = process.hrtime.bigint();
    const { fields, model } = parseBody(body);
    const route = await locateEndpoint(parts.router, actor, model);
    if (route.kind !== 'chat') throw badRequest(`'${model}' is not a language model: it answers at the predict route of the platform's own API.`, 'model');
    const { raw } = reply;
    const gone = new AbortController();
    raw.once('close', () => gone.abort(new Error('The caller went away.')));
    let isHeadSent = false;
    let isStream = false;
    try {
      await parts.invoker.invoke({
        route,
        path,
        body,
        subject: subjectOf(actor),
        maxTokens: longestAnswer(fields),
        signal: gone.signal,
        onHead({ status, headers, hold }) {
          isHeadSent = true;
          isStream = String(headers['content-type'] ?? '').startsWith('text/event-stream');
          reply.hijack();
          const overheadUs = Number((process.hrtime.bigint() - startedAt) / 1000n);
          raw.writeHead(status, { ...sentHeaders(reply), ...passedOn(headers), ...limits(hold, parts.clock.now()), 'x-gateway-upstream-us': String(overheadUs) });
        },
        onData: (chunk, resume) => writeOn(raw, chunk, resume)
      });
      raw.end();
      return reply;
    } catch (error) {
      if (gone.signal.aborted) {
        if (!isHeadSent) reply.hijack();
        raw.destroy();
        return reply;
      }
      if (!isHeadSent) throw error;
      endBroken(raw, { error, isStream });
      parts.logger.warn({ event: 'gateway.cut', requestId: request.id, tenant: route.tenant, endpoint: route.name, error }, 'a replica ended in the middle of an answer');
      return reply;
    }
  };
}

function longestAnswer(fields: Fields): number | undefined {
  const value = fields['max_completion_tokens'] ?? fields['max_tokens'];
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

/** Waits for a slow reader instead of keeping what it has not read. */
function writeOn(raw: ServerResponse, chunk: Buffer, resume: () => void): boolean {
  if (raw.write(chunk)) return true;
  raw.once('drain', resume);
  return false;
}

/** A stream that breaks says so: a client must not take half an answer for a whole one. */
function endBroken(raw: ServerResponse, { error, isStream }: { readonly error: unknown; readonly isStream: boolean }): void {
  const reason = error instanceof UpstreamFailure ? 'The model stopped in the middle of its answer.' : 'The answer could not be finished.';
  const body = new OpenAiError({ status: 500, message: reason, type: 'server_error', code: 'stream_cut' }).toBody();
  if (isStream) {
    raw.write(`data: ${JSON.stringify(body)}\n\n`);
    raw.end();
  } else raw.destroy();
}

function sentHeaders(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
}

/** The engine's own headers stay inside, but for what describes the body. */
function passedOn(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ['content-type', 'content-length']) {
    const value = headers[name];
    if (typeof value === 'string') kept[name] = value;
  }
  if (kept['content-type']?.startsWith('text/event-stream') === true) kept['x-accel-buffering'] = 'no';
  return kept;
}

function limits(hold: TokenHold | undefined, now: Date): Record<string, string> {
  if (hold === undefined || hold.limit === null || hold.remaining === null) return {};
  const minutes = 24 * 60 - now.getUTCHours() * 60 - now.getUTCMinutes();
  return {
    'x-ratelimit-limit-tokens': String(hold.limit),
    'x-ratelimit-remaining-tokens': String(hold.remaining),
    'x-ratelimit-reset-tokens': `${Math.floor(minutes / 60)}h${minutes % 60}m0s`
  };
}
