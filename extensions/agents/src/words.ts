import type { TranslationBundle } from '@jupyterlab/translation';
import type { AnswerVerdict, CandidateReason, Collection, Document } from '@stratalab/contracts/agents';
import { formatAmount, type StatusChipProps } from '@stratalab/lab-kit';

/** State of a collection as a chip with its sentence. */
export function collectionStatus(collection: Collection, texts: TranslationBundle): StatusChipProps {
  const { documentCount, readyDocumentCount, failedDocumentCount } = collection;
  const failed = failedDocumentCount === 0 ? '' : texts._n('%1 document could not be read.', '%1 documents could not be read.', failedDocumentCount);
  switch (collection.state) {
    case 'empty':
      return { tone: 'neutral', label: texts.__('Empty'), sentence: texts.__('Add documents to search and ask.') };
    case 'building':
      return {
        tone: 'busy',
        label: texts.__('Building'),
        sentence: texts.__('%1 of %2 documents can be searched; %3 % done.', readyDocumentCount, documentCount, Math.floor(collection.progress * 100))
      };
    case 'failed':
      return { tone: 'bad', label: texts.__('Failed'), sentence: texts.__('No document could be read.') };
    case 'ready':
      return { tone: failedDocumentCount === 0 ? 'good' : 'warn', label: texts.__('Ready'), sentence: failed };
  }
}

/** State of a document as a chip; the sentence says why it waits or failed. */
export function documentStatus(document: Document, texts: TranslationBundle): StatusChipProps {
  const sentence = document.problem === null ? undefined : document.problem.detail;
  switch (document.state) {
    case 'queued':
      return { tone: 'neutral', label: texts.__('Queued') };
    case 'parsing':
      return { tone: 'busy', label: texts.__('Reading') };
    case 'embedding':
      return { tone: 'busy', label: texts.__('Embedding %1 of %2', formatAmount(document.embeddedChunkCount), formatAmount(document.chunkCount)), sentence };
    case 'ready':
      return { tone: 'good', label: texts.__('Ready') };
    case 'failed':
      return { tone: 'bad', label: texts.__('Failed'), sentence };
  }
}

/** What the program found about an answer, in one sentence. */
export function verdictStatus(verdict: AnswerVerdict, texts: TranslationBundle): StatusChipProps {
  switch (verdict) {
    case 'cited':
      return { tone: 'good', label: texts.__('Cited'), sentence: texts.__('Every sentence is supported by a passage it cites.') };
    case 'partly-cited':
      return { tone: 'warn', label: texts.__('Partly cited'), sentence: texts.__('Underlined sentences are not supported by a passage they cite.') };
    case 'uncited':
      return { tone: 'bad', label: texts.__('Not cited'), sentence: texts.__('No sentence is supported by a passage it cites. Read the passages below instead.') };
    case 'no-passages':
      return { tone: 'neutral', label: texts.__('Nothing found'), sentence: texts.__('No passage fits the question, so no model was asked.') };
  }
}

export function reasonName(reason: CandidateReason, texts: TranslationBundle): string {
  const names: Readonly<Record<CandidateReason, string>> = {
    kept: texts.__('Kept'),
    'beyond-k': texts.__('Enough better ones'),
    'over-budget': texts.__('No room left'),
    duplicate: texts.__('Same as a better one')
  };
  return names[reason];
}
