/** Formats a parser reads. */
export type ParsableFormat = 'markdown' | 'text' | 'html' | 'pdf' | 'docx';

/** A piece of the text that belongs together; `from` inclusive, `to` exclusive, in JavaScript string positions. */
export interface DocumentBlock {
  readonly kind: 'heading' | 'text' | 'table' | 'code';
  /** 1..6 for headings, outermost first; 0 for everything else. */
  readonly level: number;
  readonly from: number;
  readonly to: number;
}

export interface ParsedDocument {
  /** Title the document gives itself. */
  readonly title: string | null;
  /** Plain text or Markdown; no control characters, no invisible characters. */
  readonly text: string;
  /** In the order of the text, without overlap. */
  readonly blocks: readonly DocumentBlock[];
  /** Where each page begins, for formats that have pages. */
  readonly pages: readonly { readonly page: number; readonly from: number }[];
}

export interface ParseRequest {
  readonly format: ParsableFormat;
  readonly content: AsyncIterable<Uint8Array>;
  readonly signal?: AbortSignal;
}

/** Reads documents nobody vouches for. */
export interface DocumentParser {
  /**
   * Reads one document within fixed limits of time, memory and output; a document that breaks its reader breaks nothing else.
   * Nothing the document names is fetched, and hidden parts are left out.
   * @throws invalid-input when the content is not what the format says, is protected, or holds no text;
   * payload-too-large when it unpacks to more than the limits; timed-out when reading takes too long
   */
  parse(request: ParseRequest): Promise<ParsedDocument>;
}
