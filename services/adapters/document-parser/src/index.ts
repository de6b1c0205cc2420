export { createDocumentParser } from './document-parser.ts';
export type { ProcessLimits } from './run-bounded.ts';
