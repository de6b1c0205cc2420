import { Problem } from '@stratalab/contracts';
import { UpstreamFailure, type Dispatcher } from './dispatch.ts';
import type { Route } from './route.ts';
import type { Router } from './router.ts';
import type { TokenBudget, TokenHold } from './token-budget.ts';
import type { UsageRecorder } from './usage-recorder.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Invocation {
  readonly route: Route;
  /** Who is billed. */
  readonly subject: string;
  readonly path: '/v1/chat/completions' | '/v1/completions' | '/invocations';
  readonly body: Buffer;
  /** Longest answer the caller asked for. */
  readonly maxTokens: number | undefined;
  readonly signal: AbortSignal;
  readonly onHead: (head: { readonly status: number; readonly headers: Headers; readonly hold: TokenHold | undefined }) => void;
  readonly onData: (chunk: Buffer, resume: () => void) => boolean;
}

export interface Invoker {
  /**
   * Answers one call from one replica: quota first, then a place, then the bytes as they come. The call is counted once, also when it is cut.
   * @throws quota-exceeded, too-many-requests, unavailable, not-found; UpstreamFailure after the head; the signal's reason after an abort
   */
  invoke(invocation: Invocation): Promise<void>;
}

export interface InvokerParts {
  readonly router: Router;
  readonly dispatcher: Dispatcher;
  readonly budget: TokenBudget;
  readonly usage: UsageRecorder;
}

const highestTries = 3;
/** Bounds a call of a model whose context is not known. */
const unknownContextTokens = 8192;

/** What the replica said about one call. */
interface Count {
  isHeadSeen: boolean;
  isStream: boolean;
  status: number;
  promptTokens: number;
  completionTokens: number | undefined;
  events: number;
}

/** The one way to a replica: the OpenAI gateway and the contract routes both go through it. */
export function createInvoker(parts: InvokerParts): Invoker {
  return {
    async invoke(invocation) {
      const { route } = invocation;
      const highest = route.kind === 'chat' ? highestTokensOf(invocation) : 0;
      const hold = route.kind === 'chat' ? await parts.budget.hold(route.tenant, highest) : undefined;
      const count: Count = { isHeadSeen: false, isStream: false, status: 0, promptTokens: 0, completionTokens: undefined, events: 0 };
      try {
        await tryReplicas(parts, invocation, { hold, count });
      } finally {
        settle(parts, invocation, { hold, count });
      }
    }
  };
}

/** A token is at least one byte, and prompt and answer share the context: a call never uses more than this. */
function highestTokensOf({ route, body, maxTokens }: Invocation): number {
  const context = route.contextTokens ?? unknownContextTokens;
  return Math.min(context, body.length + (maxTokens ?? context));
}

interface Accounting {
  readonly hold: TokenHold | undefined;
  readonly count: Count;
}

/** Asks another replica when one fails before it said anything; never afterwards. */
async function tryReplicas(parts: InvokerParts, invocation: Invocation, accounting: Accounting): Promise<void> {
  const avoid = new Set<string>();
  let target = invocation.route;
  for (let attempt = 1; ; attempt++) {
    const place = await parts.router.acquire(target, { signal: invocation.signal, avoid });
    try {
      const trailers = await parts.dispatcher.send(place.replica.address, {
        path: invocation.path,
        body: invocation.body,
        signal: invocation.signal,
        onHead: (status, headers) => readHead(invocation, accounting, { status, headers }),
        onData(chunk, resume) {
          if (accounting.count.isStream) accounting.count.events += eventsIn(chunk);
          return invocation.onData(chunk, resume);
        }
      });
      accounting.count.completionTokens ??= numberOf(trailers['x-completion-tokens']);
      return;
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || !error.isBeforeHead) throw error;
      if (attempt >= highestTries) throw new Problem('unavailable', { detail: 'The replicas of this endpoint do not answer.', retryAfterSeconds: 2, cause: error });
      avoid.clear();
      avoid.add(place.replica.id);
    } finally {
      place.release();
    }
    parts.router.invalidate(target.tenant, target.name);
    target = (await parts.router.route(target.tenant, target.name)) ?? target;
    // The only replica may be starting again: then it is the one to wait for.
    if (target.replicas.every(replica => avoid.has(replica.id))) avoid.clear();
  }
}

function readHead(invocation: Invocation, { hold, count }: Accounting, head: { readonly status: number; readonly headers: Headers }): void {
  count.isHeadSeen = true;
  count.status = head.status;
  count.isStream = String(head.headers['content-type'] ?? '').startsWith('text/event-stream');
  count.promptTokens = numberOf(head.headers['x-prompt-tokens']) ?? 0;
  count.completionTokens = numberOf(head.headers['x-completion-tokens']);
  invocation.onHead({ ...head, hold });
}

/** Settles the quota and counts the call. A cut stream is billed for what was produced: every event but the first carries a token. */
function settle(parts: InvokerParts, invocation: Invocation, { hold, count }: Accounting): void {
  const outputTokens = count.completionTokens ?? Math.max(0, count.events - 1);
  hold?.settle(count.promptTokens + outputTokens);
  if (!count.isHeadSeen || count.status >= 400) return;
  parts.usage.add({ tenant: invocation.route.tenant, endpoint: invocation.route.name, subject: invocation.subject, inputTokens: count.promptTokens, outputTokens });
}

const eventEnd = Buffer.from('\n\n');

function eventsIn(chunk: Buffer): number {
  let found = 0;
  for (let at = chunk.indexOf(eventEnd); at !== -1; at = chunk.indexOf(eventEnd, at + 2)) found++;
  return found;
}

function numberOf(value: string | readonly string[] | undefined): number | undefined {
  const number = Number(value ?? Number.NaN);
  return Number.isInteger(number) && number >= 0 ? number : undefined;
}
