import { problemFromAnswer, urlOf } from '@stratalab/client';
import type { Problem } from '@stratalab/contracts';
import { modelsRoutes, type ArtifactEntry } from '@stratalab/contracts/models';
import { asProblem, EmptyState, formatBytes, ProblemNotice, QueryNotice, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import { fileIcon, folderIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { useModels } from '../use-models';

const mostPreviewBytes = 200_000;
const textName = /(\.(txt|md|json|ya?ml|csv|log|py|toml|ini|html|xml)|MLmodel|requirements.*)$/i;

/** Files of a run, folder by folder; small texts are shown, everything can be downloaded. */
export function ArtifactsTab({ tenant, run }: { readonly tenant: string; readonly run: string }): React.JSX.Element {
  const texts = useTexts();
  const client = useModels();
  const [folder, setFolder] = React.useState('');
  const [shown, setShown] = React.useState<{ path: string; text: string }>();
  const file = useFile(tenant, run);
  const files = useQuery(
    `artifacts ${run} ${folder}`,
    (_tenant, signal) => client.listRunArtifacts({ params: { tenant, run }, query: folder === '' ? {} : { path: folder } }, { signal }),
    { refreshOn: ['run.'] }
  );
  const open = (entry: ArtifactEntry): void => {
    setShown(undefined);
    if (entry.isFolder) setFolder(entry.path);
    else if (isText(entry)) void file.read(entry.path).then(blob => blob?.text().then(text => setShown({ path: entry.path, text })));
    else void file.download(entry.path);
  };
  return (
    <div className="jp-Strata-panel">
      <Breadcrumbs
        folder={folder}
        onOpen={path => {
          setShown(undefined);
          setFolder(path);
        }}
      />
      <QueryNotice query={files} />
      {file.problem !== undefined && <ProblemNotice problem={file.problem} />}
      {files.data?.items.length === 0 && folder === '' && <EmptyState text={texts.__('This run stored no files.')} />}
      <ul className="jp-StrataModels-files" aria-label={texts.__('Files')} aria-busy={files.isLoading}>
        {files.data?.items.map(entry => (
          <li key={entry.path}>
            <button className="jp-Strata-link" onClick={() => open(entry)}>
              {entry.isFolder ? <folderIcon.react tag="span" width="14px" height="14px" /> : <fileIcon.react tag="span" width="14px" height="14px" />}{' '}
              {entry.path.slice(entry.path.lastIndexOf('/') + 1)}
            </button>
            {entry.sizeBytes !== null && <span className="jp-Strata-caption">{formatBytes(entry.sizeBytes)}</span>}
            {!entry.isFolder && (
              <button className="jp-Strata-link" onClick={() => void file.download(entry.path)}>
                {texts.__('Download')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {shown !== undefined && (
        <pre className="jp-StrataModels-preview" tabIndex={0} aria-label={shown.path}>
          {shown.text}
        </pre>
      )}
    </div>
  );
}

function isText(entry: ArtifactEntry): boolean {
  return textName.test(entry.path) && (entry.sizeBytes ?? 0) <= mostPreviewBytes;
}

function Breadcrumbs({ folder, onOpen }: { readonly folder: string; readonly onOpen: (path: string) => void }): React.JSX.Element {
  const texts = useTexts();
  const parts = folder === '' ? [] : folder.split('/');
  return (
    <nav className="jp-Strata-row" aria-label={texts.__('Folder')}>
      <button className="jp-Strata-link" onClick={() => onOpen('')}>
        {texts.__('All files')}
      </button>
      {parts.map((part, index) => (
        <span key={`${index} ${part}`}>
          <span aria-hidden="true"> / </span>
          <button className="jp-Strata-link" onClick={() => onOpen(parts.slice(0, index + 1).join('/'))}>
            {part}
          </button>
        </span>
      ))}
    </nav>
  );
}

interface FileAccess {
  readonly problem: Problem | undefined;
  readonly read: (path: string) => Promise<Blob | undefined>;
  readonly download: (path: string) => Promise<void>;
}

function useFile(tenant: string, run: string): FileAccess {
  const { stratalab } = useSuite();
  const [problem, setProblem] = React.useState<Problem>();
  const read = async (path: string): Promise<Blob | undefined> => {
    setProblem(undefined);
    try {
      const answer = await fetch(`${stratalab.url}${urlOf(modelsRoutes.readRunArtifact, { params: { tenant, run }, query: { path } })}`, { headers: stratalab.authorization() });
      if (!answer.ok) throw problemFromAnswer(answer.status, await answer.json().catch(() => undefined));
      return await answer.blob();
    } catch (error) {
      setProblem(asProblem(error));
      return undefined;
    }
  };
  const download = async (path: string): Promise<void> => {
    const blob = await read(path);
    if (blob === undefined) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = path.slice(path.lastIndexOf('/') + 1);
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return { problem, read, download };
}
