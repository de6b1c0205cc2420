import type { Document } from '@stratalab/contracts/agents';
import {
  EmptyState,
  formatAmount,
  formatBytes,
  ProblemNotice,
  shellCommands,
  StatusChip,
  TimeAgo,
  usePages,
  useSuite,
  useTexts,
  VirtualTable,
  type Column
} from '@stratalab/lab-kit';
import * as React from 'react';
import { useAction, useAgents } from '../use-agents';
import { documentStatus } from '../words';
import { uploadFiles, type UploadProgress, type UploadTarget } from './upload';

const accepted = '.md,.markdown,.txt,.html,.htm,.pdf,.docx';

/** Documents with their state; files are dropped anywhere on the tab or chosen. */
export function DocumentsTab({ params }: { readonly params: UploadTarget }): React.JSX.Element {
  const suite = useSuite();
  const texts = useTexts();
  const agents = useAgents();
  const action = useAction();
  const [uploads, setUploads] = React.useState<readonly UploadProgress[]>([]);
  const [isOver, setOver] = React.useState(false);
  const chooser = React.useRef<HTMLInputElement>(null);
  const documents = usePages<Document>(
    `documents ${params.tenant} ${params.collection}`,
    ({ cursor, signal }) => agents.listDocuments({ params, query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) } }, { signal }),
    ['collection.']
  );
  const add = (files: FileList | null): void => {
    if (files !== null && files.length > 0) void uploadFiles(suite, params, [...files], setUploads).then(() => documents.reload());
  };
  const choose = (): void => chooser.current?.click();
  const open = (document: Document): void => void suite.commands.execute(shellCommands.openObject, { urn: document.urn });
  const remove = (document: Document): void => action.run(() => agents.deleteDocument({ params: { ...params, document: document.id } }).then(() => documents.reload()));
  const columns: readonly Column<Document>[] = [
    {
      id: 'name',
      label: texts.__('Document'),
      width: 200,
      text: row => row.name,
      render: row => (
        <button className="jp-Strata-link" onClick={() => open(row)}>
          {row.name}
        </button>
      )
    },
    {
      id: 'state',
      label: texts.__('State'),
      width: 200,
      text: row => `${documentStatus(row, texts).label} ${row.problem?.detail ?? ''}`,
      render: row => <StatusChip {...documentStatus(row, texts)} />
    },
    { id: 'chunks', label: texts.__('Passages'), width: 80, isNumber: true, text: row => formatAmount(row.chunkCount) },
    { id: 'size', label: texts.__('Size'), width: 80, isNumber: true, text: row => formatBytes(row.sizeBytes) },
    { id: 'added', label: texts.__('Added'), width: 110, text: row => row.createdAt, render: row => <TimeAgo time={row.createdAt} /> },
    {
      id: 'delete',
      label: '',
      width: 60,
      text: () => '',
      render: row => (
        <button className="jp-Strata-link" aria-label={texts.__('Delete %1', row.name)} disabled={action.isBusy} onClick={() => remove(row)}>
          {texts.__('Delete')}
        </button>
      )
    }
  ];
  return (
    <div
      className={`jp-Strata-documents${isOver ? ' jp-mod-over' : ''}`}
      data-testid="stratalab-documents"
      onDragOver={event => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault();
        setOver(false);
        add(event.dataTransfer.files);
      }}
    >
      <input ref={chooser} type="file" multiple hidden accept={accepted} aria-label={texts.__('Files to add')} onChange={event => add(event.target.files)} />
      <div className="jp-Strata-row">
        <button className="jp-mod-styled" onClick={choose}>
          {texts.__('Add documents')}
        </button>
        <span className="jp-Strata-caption">{texts.__('or drop files here: Markdown, text, HTML, PDF, Word; up to 50 MiB each')}</span>
      </div>
      <Uploads uploads={uploads} />
      {action.problem !== undefined && <ProblemNotice problem={action.problem} />}
      <VirtualTable
        label={texts.__('Documents')}
        columns={columns}
        pages={documents}
        rowKey={row => row.id}
        onOpen={open}
        empty={<EmptyState text={texts.__('No documents yet. Drop some files here.')} action={{ label: texts.__('Add documents'), onClick: choose }} />}
      />
    </div>
  );
}

function Uploads({ uploads }: { readonly uploads: readonly UploadProgress[] }): React.JSX.Element | null {
  const texts = useTexts();
  const shown = uploads.filter(upload => !upload.isDone || upload.problem !== undefined);
  if (shown.length === 0) return null;
  return (
    <ul className="jp-Strata-uploads" aria-live="polite">
      {shown.map(upload => (
        <li key={upload.name}>
          <span>{upload.name}</span>
          {upload.problem === undefined ? (
            <progress value={upload.share} max={1} aria-label={texts.__('Sending %1', upload.name)} />
          ) : (
            <span className="jp-Strata-refused">
              {upload.problem.message} {upload.problem.details.hint ?? ''}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
