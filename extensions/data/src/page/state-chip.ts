import type { TranslationBundle } from '@jupyterlab/translation';
import type { VersionSummary } from '@stratalab/contracts/catalog';
import type { StatusChipProps } from '@stratalab/lab-kit';

/** The state of a version in a word and a sentence. */
export function versionStatus(version: Pick<VersionSummary, 'state' | 'stateMessage'>, texts: TranslationBundle): StatusChipProps {
  switch (version.state) {
    case 'ready':
      return { tone: 'good', label: texts.__('Ready') };
    case 'preparing':
      return { tone: 'busy', label: texts.__('Preparing'), sentence: texts.__('Columns and rows are being counted.') };
    case 'failed':
      return { tone: 'bad', label: texts.__('Failed'), sentence: version.stateMessage ?? undefined };
  }
}
