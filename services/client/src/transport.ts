import type { Method } from '@stratalab/contracts';

export interface TransportRequest {
  readonly method: Method;
  /** Path with query string, below the service prefix. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface TransportAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; `undefined` when there was no body. */
  readonly body: unknown;
}

/** Carries one request to a service: HTTP across processes, an in-process call inside one. */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>;
