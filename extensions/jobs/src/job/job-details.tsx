import type { Job } from '@stratalab/contracts/compute';
import { formatAmount, shellCommands, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { durationWords, launcherWord } from '../state-words';

const millisecondsPerSecond = 1000;
const mibPerGib = 1024;

/** What the job asked for and used, in full. */
export function JobDetails({ job }: { readonly job: Job }): React.JSX.Element {
  const texts = useTexts();
  const { cpu, memoryMiB, gpu } = job.resourcesPerProcess;
  const rows: readonly (readonly [string, React.ReactNode])[] = [
    [texts.__('Processes'), texts.__('%1, started by %2', job.processes, launcherWord(job.launcher, texts))],
    [texts.__('Each process'), resourceWords({ cpu, memoryMiB, gpu }, texts)],
    [texts.__('In all'), resourceWords({ cpu: cpu * job.processes, memoryMiB: memoryMiB * job.processes, gpu: gpu * job.processes }, texts)],
    ...(job.gpuKind === null ? [] : [[texts.__('Kind of GPU'), job.gpuKind] as const]),
    [texts.__('Ran for'), ranFor(job, texts)],
    [texts.__('Attempts'), texts.__('%1 of %2', job.attempt, job.retries + 1)],
    [texts.__('Exit code'), job.exitCode === null ? '–' : String(job.exitCode)],
    [texts.__('Deadline'), job.deadlineSeconds === null ? texts.__('none') : durationWords(job.deadlineSeconds, texts)],
    [texts.__('Priority'), String(job.priority)],
    [texts.__('Arguments'), job.arguments.length === 0 ? texts.__('none') : <code>{job.arguments.join(' ')}</code>],
    [texts.__('Experiment'), job.experiment ?? texts.__('none')],
    [texts.__('Inputs'), <Links key="inputs" items={job.inputs.map(({ urn, name, version, path }) => ({ urn, label: `${name} @${version}`, after: path }))} />],
    [
      texts.__('Outputs'),
      <Links
        key="outputs"
        items={job.outputs.map(({ name, as, urn, kind }) => ({ urn, label: urn === null ? `${as} (${kind})` : `${as} @${urn.split('@')[1] ?? ''}`, after: `outputs/${name}` }))}
      />
    ],
    [
      texts.__('Run again from'),
      job.retryOf === null ? texts.__('nothing: it is the first') : <Links items={[{ urn: job.urn.replace(job.id, job.retryOf), label: job.retryOf, after: '' }]} />
    ],
    [texts.__('Id'), <code key="id">{job.id}</code>]
  ];
  return (
    <dl className="jp-StrataJobs-details">
      {rows.map(([name, value]) => (
        <React.Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}

type Texts = ReturnType<typeof useTexts>;

/** "2 cores, 4 GiB, 1 GPU". */
export function resourceWords({ cpu, memoryMiB, gpu }: { readonly cpu: number; readonly memoryMiB: number; readonly gpu: number }, texts: Texts): string {
  const memory = memoryMiB >= mibPerGib ? texts.__('%1 GiB', formatAmount(memoryMiB / mibPerGib)) : texts.__('%1 MiB', formatAmount(memoryMiB));
  const cores = texts._n('%2 core', '%2 cores', cpu === 1 ? 1 : 2, formatAmount(cpu));
  return gpu === 0 ? texts.__('%1, %2', cores, memory) : texts.__('%1, %2, %3', cores, memory, texts._n('%1 GPU', '%1 GPUs', gpu));
}

function ranFor(job: Job, texts: Texts): string {
  if (job.startedAt === null) return texts.__('not yet');
  const end = job.finishedAt === null ? Date.now() : new Date(job.finishedAt).getTime();
  return durationWords((end - new Date(job.startedAt).getTime()) / millisecondsPerSecond, texts);
}

function Links({ items }: { readonly items: readonly { readonly urn: string | null; readonly label: string; readonly after: string }[] }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  if (items.length === 0) return <>{texts.__('none')}</>;
  return (
    <ul className="jp-Strata-plainList">
      {items.map(({ urn, label, after }) => (
        <li key={`${label} ${after}`}>
          {urn === null ? (
            label
          ) : (
            <button className="jp-Strata-link" onClick={() => void commands.execute(shellCommands.openObject, { urn })}>
              {label}
            </button>
          )}{' '}
          <span className="jp-Strata-caption">{after}</span>
        </li>
      ))}
    </ul>
  );
}
