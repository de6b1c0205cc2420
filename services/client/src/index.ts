export { createClient, urlOf, type CallInput, type CallOptions, type Client } from './client.ts';
export { createHttpTransport, type HttpTransportOptions } from './http-transport.ts';
export { problemFromAnswer } from './problem-error.ts';
export type { Transport, TransportAnswer, TransportRequest } from './transport.ts';
export { createEventParser, watch, type ServerSentEvent, type WatchOptions } from './watch.ts';
