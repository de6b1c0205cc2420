import { fileURLToPath } from 'node:url';
import { Problem } from '@stratalab/contracts';
import type { DocumentParser, ParsedDocument, ParseRequest } from '@stratalab/kernel';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { runBounded, type ProcessLimits } from './run-bounded.ts';

const program = fileURLToPath(new URL('child/main.ts', import.meta.url));
const defaults: ProcessLimits = { timeoutMs: 60_000, memoryMiB: 768, heapMiB: 320, outputBytes: 48 * 1024 * 1024 };
const characterLimit = 8_000_000;

const Span = { from: Type.Integer({ minimum: 0 }), to: Type.Integer({ minimum: 0 }) };
const Answer = Type.Union([
  Type.Object({ refused: Type.Object({ code: Type.Enum(['invalid-input', 'payload-too-large']), detail: Type.String({ maxLength: 500 }) }) }),
  Type.Object({
    document: Type.Object({
      title: Type.Union([Type.Null(), Type.String()]),
      text: Type.String(),
      blocks: Type.Array(Type.Object({ kind: Type.Enum(['heading', 'text', 'table', 'code']), level: Type.Integer({ minimum: 0, maximum: 6 }), ...Span })),
      pages: Type.Array(Type.Object({ page: Type.Integer({ minimum: 1 }), from: Type.Integer({ minimum: 0 }) }))
    })
  })
]);

/**
 * Reads documents in a process of their own, one per document: it gets the bytes and nothing else (no files but its own code, no
 * environment, no child processes) and ends with its document. Limits that are not given have the product's values.
 */
export function createDocumentParser(limits: Partial<ProcessLimits> = {}): DocumentParser {
  const bounds = { ...defaults, ...limits };
  return {
    async parse(request) {
      const outcome = await runBounded({
        program,
        argument: request.format,
        input: request.content,
        limits: bounds,
        ...(request.signal === undefined ? {} : { signal: request.signal })
      });
      switch (outcome.end) {
        case 'timed-out':
          throw new Problem('timed-out', {
            detail: `Reading the document took longer than ${bounds.timeoutMs / 1000} s.`,
            hint: 'Split the document, or save it in a simpler format.'
          });
        case 'out-of-memory':
          throw new Problem('payload-too-large', {
            detail: 'Reading the document took more memory than a document may.',
            hint: 'Split the document, or save it in a simpler format.'
          });
        case 'too-much-output':
          throw new Problem('payload-too-large', { detail: 'The document holds more text than a document may.', hint: 'Split the document.' });
        case 'crashed':
          throw new Problem('invalid-input', { detail: 'The document made its reader fail.', hint: 'Open it in its program and save it again.' });
        case 'finished':
          return documentOf(outcome.output, request);
      }
    }
  };
}

function documentOf(output: string, request: ParseRequest): ParsedDocument {
  request.signal?.throwIfAborted();
  const answer = parse(output);
  if (!Value.Check(Answer, answer)) throw new Problem('invalid-input', { detail: 'The document made its reader fail.', hint: 'Open it in its program and save it again.' });
  if ('refused' in answer) throw new Problem(answer.refused.code, { detail: answer.refused.detail, hint: 'Check that the file opens in its own program.' });
  const { document } = answer;
  if (document.text.length > characterLimit)
    throw new Problem('payload-too-large', { detail: `The document holds more than ${characterLimit} characters.`, hint: 'Split the document.' });
  if (document.blocks.some(block => block.from > block.to || block.to > document.text.length)) throw new Problem('invalid-input', { detail: 'The document made its reader fail.' });
  return document;
}

function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    // Half an answer: the process died while writing.
    return undefined;
  }
}
