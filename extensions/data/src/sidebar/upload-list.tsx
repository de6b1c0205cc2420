import { formatBytes, ProblemNotice, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { dataCommands } from '../commands/command-ids';
import { useUploads } from '../data-context';
import type { UploadState } from '../upload/uploads';

/** Uploads of this tab, where the button was: how far each is, and its end. */
export function UploadList(): React.JSX.Element | null {
  const uploads = useUploads();
  if (uploads.states.length === 0) return null;
  return (
    <div className="jp-Strata-uploads">
      {uploads.states.map(state => (
        <UploadRow key={state.key} state={state} onDismiss={() => uploads.dismiss(state.key)} />
      ))}
    </div>
  );
}

function UploadRow({ state, onDismiss }: { readonly state: UploadState; readonly onDismiss: () => void }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const { phase, dataset, sentBytes, totalBytes, version, problem } = state;
  if (phase === 'failed' && problem !== undefined) {
    return (
      <div className="jp-Strata-upload">
        <UploadHead title={texts.__('Upload of %1 failed', dataset)} close={texts.__('Close')} onClose={onDismiss} />
        <ProblemNotice problem={problem} />
      </div>
    );
  }
  if (phase === 'done' && version !== undefined) {
    return (
      <div className="jp-Strata-upload" role="status">
        <UploadHead title={texts.__('%1 is uploaded as version %2', dataset, version.version)} close={texts.__('Close')} onClose={onDismiss} />
        <button className="jp-Strata-link" onClick={() => void commands.execute(dataCommands.openDataset, { dataset })}>
          {texts.__('Open')}
        </button>
      </div>
    );
  }
  return (
    <div className="jp-Strata-upload">
      <UploadHead title={texts.__('Uploading %1', dataset)} close={texts.__('Cancel')} onClose={onDismiss} />
      <progress max={Math.max(1, totalBytes)} value={sentBytes} aria-label={texts.__('Uploading %1', dataset)} />
      <span className="jp-Strata-caption">
        {phase === 'waiting' ? texts.__('The line was lost; it goes on by itself.') : texts.__('%1 of %2', formatBytes(sentBytes), formatBytes(totalBytes))}
      </span>
    </div>
  );
}

function UploadHead({ title, close, onClose }: { readonly title: string; readonly close: string; readonly onClose: () => void }): React.JSX.Element {
  return (
    <div className="jp-Strata-uploadHead">
      <span>{title}</span>
      <button className="jp-Strata-quiet" onClick={onClose}>
        {close}
      </button>
    </div>
  );
}
