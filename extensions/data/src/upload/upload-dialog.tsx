import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import type { ITranslator } from '@jupyterlab/translation';
import { formatBytes } from '@stratalab/lab-kit';
import * as React from 'react';
import { datasetNameOf, isDatasetName } from './file-names';
import type { UploadRequest } from './uploads';

/** Asks for files and the dataset they become a version of. @returns undefined when the person thought better of it */
export async function askForUpload(translator: ITranslator, dataset?: string): Promise<UploadRequest | undefined> {
  const texts = translator.load('stratalab');
  const body = new UploadBody(translator, dataset);
  const { button, value } = await showDialog({
    title: dataset === undefined ? texts.__('Upload a dataset') : texts.__('Upload a new version of %1', dataset),
    body,
    buttons: [Dialog.cancelButton({ label: texts.__('Cancel') }), Dialog.okButton({ label: texts.__('Upload') })],
    focusNodeSelector: 'input'
  });
  return button.accept && value !== null && value.files.length > 0 && isDatasetName(value.dataset) ? value : undefined;
}

class UploadBody extends ReactWidget implements Dialog.IBodyWidget<UploadRequest> {
  constructor(translator: ITranslator, dataset: string | undefined) {
    super();
    this._translator = translator;
    this._isFixed = dataset !== undefined;
    this._request = { dataset: dataset ?? '', files: [] };
    this.addClass('jp-Strata-form');
  }

  getValue(): UploadRequest {
    return this._request;
  }

  protected override render(): React.ReactElement {
    return (
      <UploadFields
        translator={this._translator}
        isFixed={this._isFixed}
        initial={this._request}
        onChange={request => {
          this._request = request;
        }}
      />
    );
  }

  private readonly _translator: ITranslator;
  private readonly _isFixed: boolean;
  private _request: UploadRequest;
}

export interface UploadFieldsProps {
  readonly translator: ITranslator;
  /** The dataset exists: only files are asked for. */
  readonly isFixed: boolean;
  readonly initial: UploadRequest;
  readonly onChange: (request: UploadRequest) => void;
}

/** Files, name and description of an upload; the name follows the first file until somebody writes one. */
export function UploadFields({ translator, isFixed, initial, onChange }: UploadFieldsProps): React.JSX.Element {
  const texts = translator.load('stratalab');
  const [request, setRequest] = React.useState(initial);
  const isNamed = React.useRef(isFixed);
  const change = (next: UploadRequest): void => {
    setRequest(next);
    onChange(next);
  };
  const total = request.files.reduce((sum, file) => sum + file.size, 0);
  return (
    <div className="jp-Strata-fields">
      <label>
        {texts.__('Files (CSV, TSV, JSON lines or Parquet)')}
        <input
          type="file"
          multiple
          accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.pq"
          onChange={event => {
            const files = [...(event.target.files ?? [])];
            change({ ...request, files, dataset: isNamed.current ? request.dataset : datasetNameOf(files[0]?.name ?? '') });
          }}
        />
      </label>
      {request.files.length > 1 && <p className="jp-Strata-caption">{texts.__('%1 files of one format become one version, %2.', request.files.length, formatBytes(total))}</p>}
      {!isFixed && (
        <>
          <label>
            {texts.__('Name of the dataset')}
            <input
              className="jp-mod-styled"
              value={request.dataset}
              aria-invalid={request.dataset !== '' && !isDatasetName(request.dataset)}
              onChange={event => {
                isNamed.current = true;
                change({ ...request, dataset: event.target.value });
              }}
            />
          </label>
          {request.dataset !== '' && !isDatasetName(request.dataset) && (
            <p role="alert" className="jp-Strata-hint">
              {texts.__('Use letters, digits, dots, dashes and underscores; begin with a letter or digit.')}
            </p>
          )}
          <label>
            {texts.__('What is it? (optional)')}
            <textarea className="jp-mod-styled" rows={2} value={request.description ?? ''} onChange={event => change({ ...request, description: event.target.value })} />
          </label>
          <p className="jp-Strata-caption">{texts.__('A dataset of this name gets a new version; versions never change.')}</p>
        </>
      )}
    </div>
  );
}
