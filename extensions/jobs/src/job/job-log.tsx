import type { Job } from '@stratalab/contracts/compute';
import { LogView, useTexts, type LogPart, type LogRequest } from '@stratalab/lab-kit';
import * as React from 'react';
import { useCompute } from '../use-compute';

const pieceBytes = 1_048_576;

/** The log of each process; follows while the job lives, and starts again with a new attempt of a job that had ended. */
export function JobLog({ tenant, job }: { readonly tenant: string; readonly job: Job }): React.JSX.Element {
  const texts = useTexts();
  const compute = useCompute();
  const read = React.useCallback(
    ({ part, offset, signal }: LogRequest) => compute.getJobLog({ params: { tenant, job: job.id }, query: { rank: part, offset } }, { signal }),
    [compute, tenant, job.id]
  );
  const parts = job.logParts.map((id): LogPart => ({ id, label: id === 'launcher' ? texts.__('launcher') : texts.__('process %1', id) }));
  const download = async (part: string): Promise<void> => {
    const pieces: string[] = [];
    for (let offset = 0; ;) {
      const piece = await compute.getJobLog({ params: { tenant, job: job.id }, query: { rank: part, offset, limitBytes: pieceBytes } });
      pieces.push(piece.text);
      if (piece.text === '' || piece.nextOffset === offset) break;
      offset = piece.nextOffset;
    }
    save(`${job.name}-${part}.log`, new Blob(pieces, { type: 'text/plain' }));
  };
  const waiting = job.state === 'queued' || job.state === 'starting' ? { waitingText: texts.__('The log begins when the job starts.') } : {};
  return <LogView read={read} parts={parts} {...waiting} onDownload={part => void download(part)} />;
}

function save(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
