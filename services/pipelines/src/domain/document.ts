import { PipelineDocument, type DocumentProblem } from '@stratalab/contracts/pipelines';
import { Value } from 'typebox/value';
import { isAlias, isNode, LineCounter, parseDocument, type Document } from 'yaml';

export type ParsedDocument =
  | { readonly definition: PipelineDocument; readonly problems: readonly []; readonly placeOf: PlaceOf }
  | { readonly definition: undefined; readonly problems: readonly DocumentProblem[]; readonly placeOf: PlaceOf };

/** Line and column (from 1) of a part of the document, or of the nearest part around it. */
export type PlaceOf = (path: readonly (string | number)[]) => { readonly line: number; readonly column: number } | undefined;

const mostProblems = 50;

/**
 * Reads a pipeline document: YAML, of which JSON is a part. Answers the definition with its defaults filled in, or every problem of its form
 * with its place in the text.
 */
export function parsePipelineDocument(text: string): ParsedDocument {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: true, merge: false });
  const placeOf = createPlaceOf(document, counter);
  if (document.errors.length > 0) {
    const problems = document.errors.slice(0, mostProblems).map(error => {
      const { line, col } = counter.linePos(error.pos[0]);
      return problem({ path: '', message: `The text is not valid YAML or JSON: ${error.message}`, place: { line, column: col } });
    });
    return { definition: undefined, problems, placeOf };
  }
  const value = toJs(document);
  const definition: unknown = Value.Default(PipelineDocument, value);
  if (Value.Check(PipelineDocument, definition)) return { definition, problems: [], placeOf };
  const problems = distinct(
    [...Value.Errors(PipelineDocument, definition)].map(error => {
      const path = error.instancePath.split('/').filter(part => part !== '');
      const segments = path.map(part => (/^\d+$/.test(part) ? Number(part) : part));
      return problem({ path: path.join('/'), message: describe(error.keyword, error.message, error.params), place: placeOf(segments), step: stepNameAt(value, segments) });
    })
  );
  return { definition: undefined, problems: problems.slice(0, mostProblems), placeOf };
}

/** One finding; `place` is in the document unless said otherwise. */
export function problem(given: {
  readonly path: string;
  readonly message: string;
  readonly place?: { readonly line: number; readonly column: number } | undefined;
  readonly step?: string | undefined;
  readonly severity?: DocumentProblem['severity'];
}): DocumentProblem {
  return {
    severity: given.severity ?? 'error',
    path: given.path,
    message: given.message,
    step: given.step ?? null,
    line: given.place?.line ?? null,
    column: given.place?.column ?? null
  };
}

function createPlaceOf(document: Document, counter: LineCounter): PlaceOf {
  return path => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (!isNode(node) || node.range === null || node.range === undefined) continue;
      const { line, col } = counter.linePos(node.range[0]);
      return { line, column: col };
    }
    return undefined;
  };
}

/** Aliases are counted by the parser, so a small text cannot become a huge value. */
function toJs(document: Document): unknown {
  try {
    return isAlias(document.contents) ? undefined : document.toJS({ maxAliasCount: 50 });
  } catch {
    return undefined;
  }
}

function stepNameAt(value: unknown, path: readonly (string | number)[]): string | undefined {
  const [first, index] = path;
  if (first !== 'steps' || typeof index !== 'number' || !isRecord(value) || !Array.isArray(value['steps'])) return undefined;
  const step: unknown = value['steps'][index];
  return isRecord(step) && typeof step['name'] === 'string' ? step['name'] : undefined;
}

function describe(keyword: string, message: string, params: object): string {
  if (keyword === 'additionalProperties' && 'additionalProperties' in params && Array.isArray(params.additionalProperties)) {
    return `does not know ${params.additionalProperties.map(name => `'${String(name)}'`).join(', ')}`;
  }
  if (keyword === 'required' && 'requiredProperties' in params && Array.isArray(params.requiredProperties)) {
    return `needs ${params.requiredProperties.map(name => `'${String(name)}'`).join(', ')}`;
  }
  return message;
}

function distinct(problems: readonly DocumentProblem[]): DocumentProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ path, message }) => {
    const key = `${path} ${message}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
