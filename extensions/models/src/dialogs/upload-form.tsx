import type { Problem } from '@stratalab/contracts';
import type { ModelVersion } from '@stratalab/contracts/models';
import { asProblem, formatBytes, ProblemNotice, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { sendModel } from './send-model';

export interface UploadFormProps {
  readonly model?: string | undefined;
  readonly onUploaded: (version: ModelVersion) => void;
}

/** A name a model can have, made from a file name. */
export function nameFromFile(fileName: string): string {
  return fileName
    .replace(/\.gguf$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .toLowerCase()
    .slice(0, 128);
}

/** Asks for a GGUF file and sends it with progress. */
export function UploadForm({ model, onUploaded }: UploadFormProps): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  const [file, setFile] = React.useState<File>();
  const [name, setName] = React.useState(model ?? '');
  const [alias, setAlias] = React.useState('');
  const [sent, setSent] = React.useState<number>();
  const [problem, setProblem] = React.useState<Problem>();
  const abort = React.useRef(new AbortController());
  React.useEffect(() => {
    const controller = new AbortController();
    abort.current = controller;
    return () => controller.abort();
  }, []);
  const choose = (chosen: File | undefined): void => {
    setFile(chosen);
    setProblem(undefined);
    if (chosen !== undefined && name === '') setName(nameFromFile(chosen.name));
  };
  const send = async (): Promise<void> => {
    if (file === undefined) return;
    setProblem(undefined);
    setSent(0);
    const { signal } = abort.current;
    try {
      const tenant = await stratalab.tenant();
      const request = { url: stratalab.url, headers: stratalab.authorization(), tenant, model: name, file, signal, onProgress: setSent };
      onUploaded(await sendModel(alias === '' ? request : { ...request, alias }));
    } catch (error) {
      if (!signal.aborted) setProblem(asProblem(error));
    } finally {
      setSent(undefined);
    }
  };
  const isSending = sent !== undefined;
  return (
    <form
      className="jp-StrataModels-form"
      onSubmit={event => {
        event.preventDefault();
        void send();
      }}
    >
      <p className="jp-Strata-caption">{texts.__('A GGUF file becomes the next version of the model. Its header is read; nothing in it is run.')}</p>
      <label>
        {texts.__('File')}
        <input className="jp-mod-styled" type="file" accept=".gguf" disabled={isSending} onChange={event => choose(event.target.files?.[0])} />
      </label>
      <label>
        {texts.__('Model')}
        <input
          className="jp-mod-styled"
          value={name}
          required
          pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,127}"
          disabled={isSending || model !== undefined}
          onChange={event => setName(event.target.value)}
        />
      </label>
      <label>
        {texts.__('Alias (optional)')}
        <input
          className="jp-mod-styled"
          value={alias}
          pattern="[A-Za-z0-9_\-]{1,63}"
          placeholder="champion"
          disabled={isSending}
          onChange={event => setAlias(event.target.value)}
        />
      </label>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {isSending && file !== undefined && (
        <label>
          {texts.__('%1 of %2 sent', formatBytes(sent), formatBytes(file.size))}
          <progress value={sent} max={Math.max(1, file.size)} />
        </label>
      )}
      <button className="jp-mod-styled jp-mod-accept" type="submit" disabled={isSending || file === undefined || name === ''}>
        {isSending ? texts.__('Uploading …') : texts.__('Upload')}
      </button>
    </form>
  );
}
