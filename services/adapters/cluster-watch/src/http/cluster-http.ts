import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { failureOf, retryAfterMs, type Failure } from './failure.ts';

export interface Answer {
  readonly body: IncomingMessage;
  readonly signal: AbortSignal;
}

/** GET requests to one API server, as streams. */
export interface ClusterHttp {
  /** @returns the body once the server accepted, or why it did not; never throws */
  open(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer | Failure>;
  close(): void;
}

const connectTimeoutMs = 30_000;
const keepAliveMs = 15_000;
const longestRefusalBytes = 64 * 1024;

/**
 * Requests with the credentials of a configuration, which are read anew for each one: a token or certificate that was replaced is used from the next request on.
 * Node's own client and not the library's `Watch`: that one cuts a quiet stream after 30 s, before the server's bookmark, and swallows malformed lines.
 */
export function createClusterHttp(kubeConfig: KubeConfig): ClusterHttp {
  // One agent for all: its connections are told apart by their certificates. A configuration with a proxy brings its own.
  const options = { keepAlive: true, keepAliveMsecs: keepAliveMs };
  const agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) } as const;

  const request = async (url: URL, signal: AbortSignal): Promise<IncomingMessage> => {
    const cluster = kubeConfig.getCurrentCluster();
    const given: https.RequestOptions = {};
    await kubeConfig.applyToHTTPSOptions(given);
    const isSecure = url.protocol === 'https:';
    const agent = cluster?.proxyUrl === undefined ? (isSecure ? agents['https:'] : agents['http:']) : given.agent;
    const headers = { accept: 'application/json', 'user-agent': 'stratalab-cluster-watch', ...given.headers };
    const deadline = AbortSignal.timeout(connectTimeoutMs);
    return new Promise((resolve, reject) => {
      const sent = (isSecure ? https : http).request(url, { ...given, agent, headers, signal });
      const giveUp = (): void => void sent.destroy(new Error('no answer within 30 s'));
      deadline.addEventListener('abort', giveUp, { once: true });
      sent.once('socket', socket => socket.setKeepAlive(true, keepAliveMs));
      sent.once('response', response => {
        const answered = (): void => deadline.removeEventListener('abort', giveUp);
        // A refusal has to come whole in that time: nobody else watches over its body.
        if (response.statusCode === 200) answered();
        else response.once('close', answered);
        resolve(response);
      });
      sent.once('error', reject);
      sent.end();
    });
  };

  return {
    async open(path, query, signal) {
      try {
        const server = kubeConfig.getCurrentCluster()?.server;
        if (server === undefined) return { status: 0, reason: 'The configuration names no cluster.' };
        const url = new URL(`${server.replace(/\/$/, '')}${path}`);
        for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
        const response = await request(url, signal);
        if (response.statusCode === 200) return { body: response, signal };
        return await refusalOf(response);
      } catch (error) {
        return { status: 0, reason: error instanceof Error ? error.message : String(error) };
      }
    },
    close() {
      agents['http:'].destroy();
      agents['https:'].destroy();
    }
  };
}

async function refusalOf(response: IncomingMessage): Promise<Failure> {
  const code = response.statusCode ?? 0;
  let text = '';
  for await (const piece of response) {
    text += String(piece);
    if (text.length > longestRefusalBytes) break;
  }
  const after = retryAfterMs(response.headers['retry-after'], Date.now());
  const failure = failureOf(parsed(text), code);
  // The header counts: a proxy in front of the API server knows nothing of Status objects. So does its code.
  return { ...failure, status: code, ...(after === undefined ? {} : { retryAfterMs: after }) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
