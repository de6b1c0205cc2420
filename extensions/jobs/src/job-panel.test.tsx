import { click, mount, testSuite, until } from '../../kit/src/testing/render.test-support';
import type { Job, JobSummary } from '@stratalab/contracts/compute';
import * as React from 'react';
import { act } from 'react';
import { jobCommands } from './command-ids';
import { knownName } from './job/job-names';
import { JobPage } from './job/job-page';
import { lineageOf } from './job/job-lineage';
import { JobsSection } from './list/jobs-section';
import { jobNameOf, withoutMagic } from './notebook/code-of';
import { askWords } from './queue/ask-words';
import { QueuePage } from './queue/queue-page';
import { durationWords, stateSentence, stateWord } from './state-words';
import { verdict } from './submit/fit-line';
import { SubmitForm } from './submit/submit-form';
import { nullTranslator } from '@jupyterlab/translation';

const texts = nullTranslator.load('stratalab');
const urn = 'urn:strata:demo:job:j1';
const job: Job = {
  ...{ id: 'j1', urn, name: 'train', createdBy: 'ann', createdAt: '2026-01-01T00:00:00Z', startedAt: null, finishedAt: null, state: 'queued', isCancelling: false },
  ...{ waitReason: 'Waiting for free slots.', place: 2, reason: null, priority: 0, launcher: 'python', processes: 2, attempt: 0, progress: null },
  ...{ resourcesPerProcess: { cpu: 1, memoryMiB: 1024, gpu: 0 }, code: { kind: 'script', fileName: 'main.py', sha256: 'a'.repeat(64), text: 'print(1)' } },
  ...{ arguments: [], environment: {}, retries: 0, deadlineSeconds: null, experiment: null, exitCode: null, retryOf: null, logParts: ['0', '1', 'launcher'] },
  inputs: [{ name: 'flights', version: '1', urn: 'urn:strata:demo:dataset:flights@1', path: 'datasets/flights@1' }],
  outputs: [{ name: 'model', kind: 'model', as: 'delay', urn: null, problem: null }]
};
const queue = {
  items: [],
  waiting: 0,
  runningJobs: [],
  use: { jobs: 0, cpu: 0, memoryMiB: 0, gpu: 0 },
  limits: { jobs: 10, cpu: 4, memoryMiB: null, gpu: null },
  othersWaiting: 0,
  running: 0,
  total: { cpu: 2, memoryMiB: 4096, gpu: 0 },
  free: { cpu: 2, memoryMiB: 4096, gpu: 0 },
  launchers: ['python', 'torchrun', 'mpi'],
  gpuKinds: []
};
const none = async () => ({ items: [], nextCursor: null });

function suiteWith(client: object) {
  const suite = testSuite([...Object.values(jobCommands), 'stratalab:open-object']);
  const all = {
    ...{ listJobTemplates: none, listDatasets: none, listJobMetrics: none, getQueue: async () => queue },
    getJobLog: async () => ({ rank: '0', offset: 0, nextOffset: 0, text: '', isEnded: true }),
    explainJob: async () => ({
      state: 'queued',
      sentence: '',
      place: 2,
      wouldStartIf: '1 more core was free',
      smallerAsk: { processes: 1, resourcesPerProcess: job.resourcesPerProcess },
      needs: queue.total,
      free: queue.free,
      ahead: [
        { id: 'x', name: 'other', needs: queue.total },
        { id: null, name: null, needs: queue.total }
      ]
    }),
    ...client
  };
  Object.assign(suite.stratalab, { clientFor: () => all, whoAmI: async () => ({ subject: 'ann', isAdministrator: false, tenants: [] }) });
  return suite;
}
const button = (root: HTMLElement, text: string): Element | undefined => [...root.querySelectorAll('button')].find(element => element.textContent === text);
const parsed = { tenant: 'demo', kind: 'job', name: 'j1' } as const;

describe('the section of the jobs', () => {
  test('shows my jobs with why they wait, follows the events, and opens a page', async () => {
    const asked: unknown[] = [];
    const state = { items: [job] as JobSummary[] };
    const suite = suiteWith({
      listJobs: async ({ query }: { query: unknown }) => {
        asked.push(query);
        return { ...state, nextCursor: null };
      }
    });
    const { root, unmount } = mount(<JobsSection />, suite);
    await until(() => root.textContent?.includes('Waiting for free slots. Place 2 in the queue.') === true);
    expect(asked.at(-1)).toMatchObject({ createdBy: 'ann' });
    state.items = [{ ...job, state: 'running', progress: { fraction: 0.42, message: 'epoch 5/12', etaSeconds: 65, metrics: [], updatedAt: job.createdAt } }];
    suite.emit('job.changed.v1');
    await until(() => root.querySelector('[role=progressbar]')?.getAttribute('aria-valuetext') === '42 %, epoch 5/12, about 1 min 5 s left');
    click(root.querySelector('.jp-Strata-item'));
    expect(suite.executed).toEqual([{ id: 'stratalab:open-object', args: { urn } }]);
    expect(knownName('j1')).toBe('train');
    click(button(root, 'All'));
    await until(() => JSON.stringify(asked.at(-1)) === '{"limit":30}');
    unmount();
  });

  test('empty, it teaches the next step', async () => {
    const suite = suiteWith({ listJobs: none });
    const { root, unmount } = mount(<JobsSection />, suite);
    await until(() => root.textContent?.includes('You have run no jobs yet') === true);
    click(button(root, 'Run a job'));
    expect(suite.executed[0]?.id).toBe(jobCommands.runJob);
    unmount();
  });
});

describe('the page of a job', () => {
  test('says what would start it, what it reads and makes, and offers to cancel', async () => {
    const suite = suiteWith({ getJob: async () => job });
    const { root, unmount } = mount(<JobPage urn={parsed} />, suite);
    await until(() => root.textContent?.includes('It would start now if 1 more core was free.') === true && root.textContent.includes('flights @1'));
    expect(root.textContent).toContain('Before it: other');
    expect(root.textContent).toContain('1 job of another tenant is before it.');
    click(button(root, 'Start now with 1 process'));
    expect(suite.executed.pop()).toMatchObject({ id: jobCommands.runJob, args: { from: 'j1', tenant: 'demo', processes: 1, isInstead: true } });
    click(button(root, 'Cancel the job'));
    expect(suite.executed[0]).toEqual({ id: jobCommands.cancelJob, args: { job: 'j1', name: 'train', tenant: 'demo' } });
    unmount();
  });

  test('over, it says why and offers to run again; a missing job is a problem with its words', async () => {
    const failed = { ...job, state: 'failed', reason: 'Process 1 ended with exit code 4. See its log.', place: null };
    const suite = suiteWith({ getJob: async () => failed });
    const { root, unmount } = mount(<JobPage urn={parsed} />, suite);
    await until(() => root.textContent?.includes('exit code 4') === true);
    click(button(root, 'Run again'));
    expect(suite.executed[0]?.id).toBe(jobCommands.retryJob);
    unmount();
    const broken = mount(<JobPage urn={parsed} />, suiteWith({ getJob: async () => Promise.reject(new Error('away')) }));
    await until(() => broken.root.querySelector('[role=alert]') !== null);
    broken.unmount();
  });

  test('a published output leads to its version', () => {
    expect(lineageOf({ ...job, outputs: [{ name: 'model', kind: 'model', as: 'delay', urn: 'urn:strata:demo:model:delay@3', problem: null }] }).usedBy).toEqual([
      { urn: 'urn:strata:demo:model:delay@3', label: 'delay @3', caption: 'model delay' }
    ]);
  });
});

describe('the form', () => {
  test('sends what was filled in once, says what is refused, and opens the job', async () => {
    const sent: unknown[] = [];
    const opened: string[] = [];
    const suite = suiteWith({
      submitJob: async (input: unknown) => {
        sent.push(input);
        return job;
      }
    });
    const { root, unmount } = mount(<SubmitForm input={{ name: 'train', processes: 2 }} onSubmitted={({ urn: made }) => opened.push(made)} />, suite);
    await until(() => root.textContent?.includes('Needs 2 cores, 2 GiB. It would start at once.') === true);
    await act(async () => root.querySelector('form')?.requestSubmit());
    await until(() => opened.length === 1);
    expect(sent).toMatchObject([{ params: { tenant: 'demo' }, body: { name: 'train', processes: 2 } }]);
    unmount();
  });

  test('sent in the place of a job that waits, it is not behind that one, and says what becomes of it', async () => {
    const waits = { ...queue, items: [entry, { ...entry, id: 'j9' }], waiting: 2 };
    const plain = mount(<SubmitForm input={{ name: 'train' }} onSubmitted={() => undefined} />, suiteWith({ getQueue: async () => waits }));
    await until(() => plain.root.textContent?.includes('It would wait behind 2 jobs.') === true);
    plain.unmount();
    const suite = suiteWith({ getQueue: async () => ({ ...waits, items: [entry] }) });
    const { root, unmount } = mount(<SubmitForm input={{ name: 'train' }} insteadOf={entry.id} onSubmitted={() => undefined} />, suite);
    await until(() => root.textContent?.includes('It would start at once.') === true);
    expect(root.textContent).toContain('When it is sent, the one that waits is cancelled.');
    expect(document.activeElement?.textContent).toBe('Run the job');
    unmount();
  });

  test('offers kinds of GPU where there are several, to who asks for a GPU', async () => {
    const kinds = (root: HTMLElement): string[] => [...(labelled(root, 'Kind of GPU')?.querySelectorAll('option') ?? [])].map(({ value }) => value);
    const labelled = (root: HTMLElement, text: string): Element | undefined => [...root.querySelectorAll('label')].find(label => label.textContent?.startsWith(text));
    const suite = suiteWith({ getQueue: async () => ({ ...queue, gpuKinds: ['h200', 'slice'] }) });
    const each = { cpu: 1, memoryMiB: 1024, gpu: 1 };
    const { root, unmount } = mount(<SubmitForm input={{ name: 'train', resourcesPerProcess: each }} onSubmitted={() => undefined} />, suite);
    await until(() => kinds(root).length > 0);
    expect(kinds(root)).toEqual(['', 'h200', 'slice']);
    unmount();
    const old = mount(<SubmitForm input={{ name: 'train', resourcesPerProcess: each, gpuKind: 'a100' }} onSubmitted={() => undefined} />, suite);
    await until(() => kinds(old.root).length === 4);
    expect(old.root.textContent).toContain('It is offered no longer');
    old.unmount();
    const without = mount(<SubmitForm input={{ name: 'train' }} onSubmitted={() => undefined} />, suite);
    await until(() => without.root.textContent?.includes('It would start at once.') === true);
    expect(kinds(without.root)).toEqual([]);
    without.unmount();
  });

  test('offers Ray where the installation has it, and only there', async () => {
    const options = (root: HTMLElement): string[] => [...root.querySelectorAll('option')].map(({ value }) => value);
    const without = mount(<SubmitForm input={{ name: 'train' }} onSubmitted={() => undefined} />, suiteWith({}));
    await until(() => without.root.textContent?.includes('It would start at once.') === true);
    expect(options(without.root)).toEqual(['python', 'torchrun', 'mpi']);
    without.unmount();
    const suite = suiteWith({ getQueue: async () => ({ ...queue, launchers: ['python', 'torchrun', 'ray'] }) });
    const { root, unmount } = mount(<SubmitForm input={{ name: 'train' }} onSubmitted={() => undefined} />, suite);
    await until(() => options(root).includes('ray'));
    expect(options(root)).toEqual(['python', 'torchrun', 'ray']);
    unmount();
  });

  test('shows problems beside their fields and sends nothing', async () => {
    const suite = suiteWith({ submitJob: async () => Promise.reject(new Error('sent')) });
    const { root, unmount } = mount(<SubmitForm input={{ name: 'two words' }} onSubmitted={() => undefined} />, suite);
    await act(async () => root.querySelector('form')?.requestSubmit());
    await until(() => root.textContent?.includes('begins with a letter or digit') === true);
    expect(root.textContent).not.toContain('sent');
    unmount();
  });

  test('says before sending whether it would start', () => {
    const needs = { cpu: 2, memoryMiB: 100, gpu: 0 };
    expect(verdict({ ...needs, cpu: 4 }, queue, texts)).toBe('That is more than there is here: 2 cores, 4 GiB.');
    expect(verdict(needs, { ...queue, free: { ...queue.free, cpu: 1 } }, texts)).toBe('It would wait: 1 core, 4 GiB are free now.');
    expect(verdict(needs, { ...queue, othersWaiting: 2 }, texts)).toBe('It would wait behind 2 jobs.');
  });
});

const each = { cpu: 1, memoryMiB: 2048, gpu: 0 };
const entry = {
  ...{ id: 'j1', urn, name: 'train', createdBy: 'ann', createdAt: job.createdAt, place: 3, priority: 2, processes: 4, resourcesPerProcess: each },
  ...{ needs: { cpu: 4, memoryMiB: 8192, gpu: 0 }, isOnCluster: true, waitReason: 'No node fits: 0/2 nodes are unavailable.', wouldStartIf: null },
  smallerAsk: { processes: 2, resourcesPerProcess: each },
  ahead: { own: 2, firstOwn: ['first', 'second'], others: 3, needs: { cpu: 5, memoryMiB: 1024, gpu: 0 } }
};

describe('the queue', () => {
  test('says of each job why it waits and who is before it, others by number only, and opens it with what would start now', async () => {
    const full = { ...queue, items: [entry], waiting: 1, othersWaiting: 3, running: 1, use: { jobs: 1, cpu: 1, memoryMiB: 1024, gpu: 0 } };
    const state = { queue: full as object };
    const suite = suiteWith({ getQueue: async () => state.queue });
    const { root, unmount } = mount(<QueuePage />, suite);
    await until(() => root.textContent?.includes('1 job of this tenant runs, 1 waits.') === true);
    const item = root.querySelector('ol[aria-label="Waiting jobs"] li');
    for (const words of [
      'No node fits: 0/2 nodes are unavailable.',
      'Before it: first, second; 3 jobs of other tenants. In all they need 5 cores, 1 GiB.',
      'Asks for 4 processes with 1 core, 2 GiB each: 4 cores, 8 GiB in all',
      'Held by the cluster'
    ])
      expect(item?.textContent).toContain(words);
    expect(root.textContent).toContain('It holds 50 % of the cores there are.');
    click(button(root, 'Start now with 2 processes'));
    expect(suite.executed).toEqual([{ id: jobCommands.runJob, args: { from: 'j1', processes: 2, ...each, isInstead: true } }]);
    state.queue = { ...full, items: [], waiting: 0 };
    suite.emit('job.changed.v1');
    await until(() => root.textContent?.includes('Nothing waits. 2 of 2 cores are free.') === true);
    unmount();
  });

  test('lists what runs, and says what to do when it cannot be read', async () => {
    const runs = { id: 'j2', urn, name: 'runs', createdBy: 'ann', state: 'running', startedAt: null, processes: 2, holds: each };
    const { root, unmount } = mount(<QueuePage />, suiteWith({ getQueue: async () => ({ ...queue, runningJobs: [runs], running: 1 }) }));
    await until(() => root.querySelector('[role=grid]')?.getAttribute('aria-label') === 'Running jobs');
    unmount();
    const broken = mount(<QueuePage />, suiteWith({ getQueue: async () => Promise.reject(new Error('away')) }));
    await until(() => broken.root.querySelector('[role=alert]') !== null);
    broken.unmount();
  });

  test('a smaller size is said with the number of processes', () => {
    const smaller = { processes: 1, resourcesPerProcess: { ...each, cpu: 0.5 } };
    expect(askWords(smaller, entry, texts)).toBe('1 process with 0.5 cores, 2 GiB');
    expect(askWords({ ...smaller, processes: 2 }, entry, texts)).toBe('2 processes with 0.5 cores, 2 GiB each');
  });
});

test('words of states, durations and names', () => {
  expect(stateSentence({ ...job, state: 'running', attempt: 2 }, texts)).toBe('Attempt 2.');
  expect(stateSentence({ ...job, state: 'starting', waitReason: 'No node fits.', place: 1 }, texts)).toBe('No node fits. Place 1 in the queue.');
  expect(stateSentence({ ...job, state: 'starting', waitReason: null }, texts)).toBeUndefined();
  expect(stateSentence({ ...job, state: 'starting', waitReason: null, launcher: 'ray' }, texts)).toBe('Ray is preparing a place for each process.');
  expect(stateWord({ ...job, state: 'starting', waitReason: 'No node fits.' }, texts)).toBe('Waiting');
  expect([42, 185, 7800].map(seconds => durationWords(seconds, texts))).toEqual(['42 s', '3 min 5 s', '2 h 10 min']);
  expect(['a/My notebook.ipynb', '_x.py', '…'].map(jobNameOf)).toEqual(['My-notebook', 'x', 'my-job']);
  expect(withoutMagic('%%job processes=2\nprint(1)')).toBe('print(1)');
});
