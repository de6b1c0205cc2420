import { Problem } from '@stratalab/contracts';
import type { ChatCompletion, ChatInput, PredictInput } from '@stratalab/contracts/serving';
import type { Call } from '@stratalab/kernel';
import type { Invocation } from '../gateway/invoke.ts';
import type { Route } from '../gateway/route.ts';
import { subjectOf } from '../gateway/subject.ts';
import type { ServingParts } from './parts.ts';

/** Asks a chat endpoint by the very code the OpenAI-compatible gateway uses. @throws not-found, quota-exceeded, too-many-requests, unavailable, invalid-request */
export async function completeChat(parts: ServingParts, call: Call, input: ChatInput & { readonly endpoint: string }): Promise<ChatCompletion> {
  const route = await routeOf(parts, call, { name: input.endpoint, kind: 'chat' });
  const body = {
    model: input.endpoint,
    messages: input.messages,
    ...(input.maxTokens === undefined ? {} : { max_tokens: input.maxTokens }),
    ...(input.temperature === undefined ? {} : { temperature: input.temperature }),
    ...(input.seed === undefined ? {} : { seed: input.seed }),
    ...(input.stop === undefined || input.stop.length === 0 ? {} : { stop: input.stop }),
    ...(input.jsonSchema === undefined ? {} : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: input.jsonSchema } } })
  };
  return completionOf(await ask(parts, call, { route, path: '/v1/chat/completions', body, maxTokens: input.maxTokens }));
}

/** Asks a Python model. @throws invalid-input with what the model said about the rows; not-found, too-many-requests, unavailable */
export async function predict(parts: ServingParts, call: Call, input: PredictInput & { readonly endpoint: string }): Promise<{ predictions: unknown }> {
  const { endpoint, ...payload } = input;
  const route = await routeOf(parts, call, { name: endpoint, kind: 'predict' });
  const answer = await ask(parts, call, { route, path: '/invocations', body: payload, maxTokens: undefined });
  return { predictions: fieldOf(answer, 'predictions') ?? null };
}

async function routeOf(parts: ServingParts, call: Call, wanted: { readonly name: string; readonly kind: 'chat' | 'predict' }): Promise<Route> {
  const route = await parts.router.route(call.tenant, wanted.name);
  if (route === undefined)
    throw new Problem('not-found', { detail: `There is no endpoint '${wanted.name}'.`, hint: 'Deploy a model under this name, or choose another endpoint.' });
  if (route.kind === wanted.kind) return route;
  throw new Problem('invalid-state', {
    detail: wanted.kind === 'chat' ? `The endpoint '${wanted.name}' is not a language model.` : `The endpoint '${wanted.name}' is not a Python model.`
  });
}

async function ask(parts: ServingParts, call: Call, request: Pick<Invocation, 'route' | 'path' | 'maxTokens'> & { readonly body: object }): Promise<unknown> {
  const chunks: Buffer[] = [];
  let status = 0;
  await parts.invoker.invoke({
    ...request,
    body: Buffer.from(JSON.stringify(request.body)),
    subject: subjectOf(call.actor),
    signal: call.signal,
    onHead: head => void (status = head.status),
    onData(chunk) {
      chunks.push(chunk);
      return true;
    }
  });
  const answer: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (status === 200) return answer;
  const said = fieldOf(fieldOf(answer, 'error'), 'message');
  const detail = typeof said === 'string' ? said : 'The model did not answer.';
  throw new Problem(status >= 500 ? 'unavailable' : request.path === '/invocations' ? 'invalid-input' : 'invalid-request', { detail });
}

function completionOf(answer: unknown): ChatCompletion {
  const choices = fieldOf(answer, 'choices');
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const usage = fieldOf(answer, 'usage');
  const text = fieldOf(fieldOf(first, 'message'), 'content');
  return {
    text: typeof text === 'string' ? text : '',
    finishReason: fieldOf(first, 'finish_reason') === 'length' ? 'length' : 'stop',
    usage: { promptTokens: Number(fieldOf(usage, 'prompt_tokens') ?? 0), completionTokens: Number(fieldOf(usage, 'completion_tokens') ?? 0) }
  };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}
