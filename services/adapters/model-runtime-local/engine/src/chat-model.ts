import {
  getLlama,
  LlamaChat,
  LlamaCompletion,
  LlamaLogLevel,
  type ChatHistoryItem,
  type Llama,
  type LlamaContextSequence,
  type LlamaGrammar,
  type LlamaModel
} from 'node-llama-cpp';
import { BadRequest } from './bad-request.ts';
import type { Generation, Message } from './openai-request.ts';
import { createPool, type Pool } from './pool.ts';
import type { ReplicaSpec } from './spec.ts';

export interface Generated {
  readonly completionTokens: number;
  readonly finishReason: 'stop' | 'length';
}

export interface GenerationSink {
  /** Called once, before the first text, when the request has its place and its prompt is counted. */
  readonly onStart: (promptTokens: number) => void;
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A loaded model that answers up to `parallel` requests at once; more wait their turn. */
export interface ChatModel {
  /** @throws BadRequest when the prompt does not fit or the schema is not usable; the signal's reason after an abort */
  generate(request: Generation, sink: GenerationSink): Promise<Generated>;
  close(): Promise<void>;
}

/** Keeps small models out of loops; see the engine's measurements. */
const repeatPenalty = { penalty: 1.15 };

/** Loads a GGUF file with the prebuilt engine; nothing is compiled or fetched. */
export async function loadChatModel(spec: ReplicaSpec): Promise<ChatModel> {
  const { threads, parallel } = spec;
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel: LlamaLogLevel.warn, progressLogs: false, maxThreads: threads });
  const model = await llama.loadModel({ modelPath: spec.modelFile });
  const contextTokens = Math.min(spec.contextTokens, model.trainContextSize);
  const context = await model.createContext({ contextSize: contextTokens, sequences: parallel, threads });
  const sequences = Array.from({ length: parallel }, () => context.getSequence());
  const chats = new Map(sequences.map(sequence => [sequence, new LlamaChat({ contextSequence: sequence })]));
  const pool: Pool<LlamaContextSequence> = createPool(sequences);
  return {
    async generate(request, sink) {
      const grammar = await createGrammar(llama, request.format);
      const sequence = await pool.take(sink.signal);
      try {
        const chat = chats.get(sequence);
        if (chat === undefined) throw new Error('A sequence without a chat.');
        return await (request.prompt === undefined
          ? answerChat({ chat, model, contextTokens, request, sink, grammar })
          : completeText({ sequence, model, contextTokens, request, sink, prompt: request.prompt }));
      } finally {
        pool.give(sequence);
      }
    },
    async close() {
      await llama.dispose();
    }
  };
}

interface Parts {
  readonly model: LlamaModel;
  readonly contextTokens: number;
  readonly request: Generation;
  readonly sink: GenerationSink;
}

async function answerChat(parts: Parts & { readonly chat: LlamaChat; readonly grammar: LlamaGrammar | undefined }): Promise<Generated> {
  const { chat, model, request, sink, grammar } = parts;
  const history = historyOf(request.messages ?? []);
  const { contextText } = chat.chatWrapper.generateContextState({ chatHistory: [...history, { type: 'model', response: [] }] });
  const maxTokens = roomFor(contextText.tokenize(model.tokenizer).length, parts);
  let completionTokens = 0;
  const { metadata } = await chat.generateResponse(history, {
    ...sampling(request),
    maxTokens,
    repeatPenalty,
    signal: sink.signal,
    onTextChunk: sink.onText,
    onToken: tokens => void (completionTokens += tokens.length),
    ...(grammar === undefined ? {} : { grammar })
  });
  return { completionTokens, finishReason: metadata.stopReason === 'maxTokens' ? 'length' : 'stop' };
}

async function completeText(parts: Parts & { readonly sequence: LlamaContextSequence; readonly prompt: string }): Promise<Generated> {
  const { sequence, model, request, sink, prompt } = parts;
  const maxTokens = roomFor(model.tokenize(prompt).length, parts);
  let completionTokens = 0;
  await sequence.clearHistory();
  const completion = new LlamaCompletion({ contextSequence: sequence, autoDisposeSequence: false });
  try {
    const { metadata } = await completion.generateCompletionWithMeta(prompt, {
      ...sampling(request),
      maxTokens,
      repeatPenalty,
      signal: sink.signal,
      onTextChunk: sink.onText,
      onToken: tokens => void (completionTokens += tokens.length)
    });
    return { completionTokens, finishReason: metadata.stopReason === 'maxTokens' ? 'length' : 'stop' };
  } finally {
    completion.dispose({ disposeSequence: false });
    // A chat on this sequence must not find the text of a completion as its past.
    await sequence.clearHistory();
  }
}

/** Tokens left for the answer; tells the sink how long the prompt is. */
function roomFor(promptTokens: number, { contextTokens, request, sink }: Parts): number {
  const room = contextTokens - promptTokens - 1;
  if (room < 1)
    throw new BadRequest(
      `This model reads at most ${contextTokens} tokens; the prompt has ${promptTokens}.`,
      request.prompt === undefined ? 'messages' : 'prompt',
      'context_length_exceeded'
    );
  sink.onStart(promptTokens);
  return Math.min(request.maxTokens ?? room, room);
}

function sampling(request: Generation) {
  return {
    temperature: request.temperature,
    ...(request.topP === undefined ? {} : { topP: request.topP }),
    ...(request.seed === undefined ? {} : { seed: Math.abs(request.seed) % 4_294_967_295 }),
    ...(request.stop.length === 0 ? {} : { customStopTriggers: request.stop })
  };
}

/** An empty system message stands for none: templates would put their maker's greeting there. */
function historyOf(messages: readonly Message[]): ChatHistoryItem[] {
  const history = messages.map((message): ChatHistoryItem => {
    if (message.role === 'assistant') return { type: 'model', response: [message.text] };
    return { type: message.role, text: message.text };
  });
  return history[0]?.type === 'system' ? history : [{ type: 'system', text: '' }, ...history];
}

async function createGrammar(llama: Llama, format: Generation['format']): Promise<LlamaGrammar | undefined> {
  if (format === 'text') return undefined;
  if (format === 'json') return llama.getGrammarFor('json');
  try {
    return await llama.createGrammarForJsonSchema(unsafeSchema(format));
  } catch (error) {
    throw new BadRequest(`The JSON schema cannot be used: ${error instanceof Error ? error.message : String(error)}`, 'response_format');
  }
}

/** The grammar builder checks the schema itself and throws for what it does not know. */
function unsafeSchema(schema: Readonly<Record<string, unknown>>): { readonly const: string } {
  return schema as { readonly const: string };
}
