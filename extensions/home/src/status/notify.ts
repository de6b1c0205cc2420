import { Notification } from '@jupyterlab/apputils';
import { parseUrn, type EventRecord } from '@stratalab/contracts';
import { shellCommands, type SuiteContext } from '@stratalab/lab-kit';
import type { TranslationBundle } from '@jupyterlab/translation';

/** Facts that end a long piece of work somebody may be waiting for; a tracking run ends with its job, or before the eyes of who ran the cell. */
const endings = ['job.finished.', 'pipeline-run.finished.', 'deployment.ready.', 'dataset.version-ready.', 'dataset.version-failed.', 'collection.built.'] as const;

/** Tells the user about the end of long work that was theirs; nothing about the work of others. @returns a function that stops it */
export function notifyOfEndings(suite: SuiteContext): () => void {
  return suite.events.listen(endings, event => {
    void suite.stratalab.whoAmI().then(
      ({ subject }) => {
        if (event.subject === subject) show(event, suite);
      },
      () => undefined
    );
  });
}

function show(event: EventRecord, suite: SuiteContext): void {
  const texts = suite.translator.load('stratalab');
  const { message, isFailure } = describeEnding(event, texts);
  Notification.emit(message, isFailure ? 'error' : 'success', {
    autoClose: isFailure ? false : 5000,
    actions: [{ label: texts.__('Open'), callback: () => void suite.commands.execute(shellCommands.openObject, { urn: event.urn }) }]
  });
}

/** What happened to which object, in one sentence. */
export function describeEnding(event: EventRecord, texts: TranslationBundle): { readonly message: string; readonly isFailure: boolean } {
  const label = event.data['name'];
  const name = typeof label === 'string' && label !== '' ? label : (parseUrn(event.urn)?.name ?? event.urn);
  const state = String(event.data['state'] ?? '');
  if (event.name.startsWith('dataset.version-failed.') || state === 'failed') return { message: texts.__('%1 failed', name), isFailure: true };
  if (state === 'cancelled') return { message: texts.__('%1 was cancelled', name), isFailure: false };
  if (event.name.startsWith('deployment.ready.') || event.name.startsWith('dataset.version-ready.')) return { message: texts.__('%1 is ready', name), isFailure: false };
  return { message: texts.__('%1 is done', name), isFailure: false };
}
