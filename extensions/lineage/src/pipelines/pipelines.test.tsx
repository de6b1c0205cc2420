import { describe, expect, jest, test } from '@jest/globals';
import type { IEditorServices } from '@jupyterlab/codeeditor';
import { parseUrn, Problem } from '@stratalab/contracts';
import type { Pipeline, PipelineRun, Validation } from '@stratalab/contracts/pipelines';
import { shellCommands } from '@stratalab/lab-kit';
import * as React from 'react';
import { click, mount, testSuite, until, type TestSuite } from '../../../kit/src/testing/render.test-support';
import { lineageCommands } from './command-ids';
import { addPipelineCommands } from './commands';
import { isSameText } from './editor/sql-editor';
import { createPipelinePage } from './pipeline-page';
import { PipelinesSection } from './pipelines-section';
import { RunPage } from './run-page';
import { DiffView } from './versions-tab';

const document = 'name: p\nsteps:\n  - name: count\n    kind: sql\n    sql: select 1\n    output: counts\n';
const pipeline: Pipeline = {
  name: 'p',
  urn: 'urn:strata:demo:pipeline:p',
  description: 'Counts things',
  version: 2,
  document,
  definition: { name: 'p', steps: [{ name: 'count', kind: 'sql', sql: 'select 1', output: 'counts' }] },
  schedule: { cron: '0 6 * * *', timeZone: 'UTC', catchUp: false, isPaused: false, nextRunAt: '2026-11-30T06:00:00.000Z', nextRuns: ['2026-11-30T06:00:00.000Z'] },
  isSample: false,
  createdBy: 'ann',
  createdAt: '2026-11-20T06:00:00.000Z',
  updatedAt: '2026-11-20T06:00:00.000Z'
};
const run: PipelineRun = {
  id: '01k0000000000000000000000a',
  urn: 'urn:strata:demo:pipeline-run:01k0000000000000000000000a',
  pipeline: 'p',
  version: 2,
  trigger: 'manual',
  logicalDate: null,
  state: 'failed',
  waitReason: null,
  createdBy: 'ann',
  createdAt: '2026-11-20T06:00:00.000Z',
  startedAt: '2026-11-20T06:00:01.000Z',
  finishedAt: '2026-11-20T06:00:03.000Z',
  stepCount: 2,
  stepsDone: 1,
  rerunOf: null,
  steps: [
    {
      name: 'count',
      state: 'succeeded',
      attempt: 2,
      maxAttempts: 3,
      retryAt: null,
      startedAt: '2026-11-20T06:00:01.000Z',
      finishedAt: '2026-11-20T06:00:02.500Z',
      inputs: ['urn:strata:demo:dataset:flights@1'],
      output: { dataset: 'counts', version: '4', urn: 'urn:strata:demo:dataset:counts@4', rowCount: 16 },
      reusedFromRun: null,
      problem: null
    },
    {
      name: 'top',
      state: 'failed',
      attempt: 1,
      maxAttempts: 1,
      retryAt: null,
      startedAt: '2026-11-20T06:00:02.500Z',
      finishedAt: '2026-11-20T06:00:03.000Z',
      inputs: [],
      output: { dataset: 'top', version: null, urn: null, rowCount: null },
      reusedFromRun: null,
      problem: { code: 'invalid-input', detail: 'Conversion Error: Could not convert', hint: 'Use try_cast.' }
    }
  ]
};
const sound: Validation = {
  isValid: true,
  problems: [],
  definition: null,
  steps: [{ name: 'count', deps: [], inputs: [{ name: 'flights', as: 'flights', version: null, isProduced: false }], output: 'counts' }],
  nextRuns: []
};

/** Lab's editor needs a browser that measures text; a text field has the same text. */
const editors = {
  factoryService: {
    newDocumentEditor: ({ host, model }: { host: HTMLElement; model: { sharedModel: { getSource(): string; setSource(text: string): void } } }) => {
      const area = host.appendChild(globalThis.document.createElement('textarea'));
      area.value = model.sharedModel.getSource();
      area.addEventListener('input', () => model.sharedModel.setSource(area.value));
      return { model, dispose: () => area.remove(), setCursorPosition: () => undefined, focus: () => area.focus() };
    }
  }
} as unknown as IEditorServices;

function suiteWith(service: Readonly<Record<string, unknown>>): TestSuite {
  const suite = testSuite([shellCommands.openObject, lineageCommands.runPipeline, lineageCommands.newPipeline, lineageCommands.showLineage]);
  Object.assign(suite.stratalab, { clientFor: () => service });
  return suite;
}
const button = (root: HTMLElement, text: string): HTMLButtonElement => {
  const found = [...root.querySelectorAll('button')].find(candidate => candidate.textContent === text);
  if (found === undefined) throw new Error(`There is no button '${text}': ${root.textContent ?? ''}`);
  return found;
};
const page = (): React.JSX.Element => {
  const Page = createPipelinePage(editors);
  const urn = parseUrn(pipeline.urn);
  if (urn === undefined) throw new Error('A URN.');
  return <Page urn={urn} text={pipeline.urn} />;
};
const type = (area: Element | null, text: string): void =>
  React.act(() => {
    if (!(area instanceof HTMLTextAreaElement)) throw new Error('There is an editor.');
    area.value = text;
    area.dispatchEvent(new Event('input', { bubbles: true }));
  });

describe('pipeline pages', () => {
  test('a changed step is checked while one writes and saved on top of the version it came from', async () => {
    const update = jest.fn(async (_input: unknown) => ({ ...pipeline, version: 3 }));
    const validate = jest.fn(async (_input: unknown) => sound);
    const { root, unmount } = mount(page(), suiteWith({ getPipeline: async () => pipeline, validatePipeline: validate, updatePipeline: update }));
    await until(() => root.textContent?.includes('No problems') === true);
    expect(root.textContent).toContain('Scheduled');
    expect(root.textContent).toContain('Monday');
    expect(button(root, 'Save as version 3').disabled).toBe(true);
    type(root.querySelector('textarea'), 'select 2\nfrom flights');
    await until(() => validate.mock.calls.length > 1);
    click(button(root, 'Save as version 3'));
    await until(() => update.mock.calls.length === 1);
    expect(update.mock.calls[0]?.[0]).toMatchObject({ body: { baseVersion: 2, document: expect.stringContaining('sql: |\n      select 2\n      from flights\n') } });
    unmount();
  });

  test('the line end that the document adds does not move the cursor', () => {
    expect(isSameText('select 1\nfrom a', 'select 1\nfrom a\n')).toBe(true);
    expect(isSameText('select 1\n', 'select 1\n\n\n')).toBe(false);
  });

  test('a conflict keeps the text and says what happened', async () => {
    const update = async (): Promise<never> => {
      throw new Problem('conflict', { detail: 'Version 3 was saved while you worked on version 2.' });
    };
    const { root, unmount } = mount(page(), suiteWith({ getPipeline: async () => pipeline, validatePipeline: async () => sound, updatePipeline: update }));
    await until(() => root.querySelector('textarea') !== null);
    type(root.querySelector('textarea'), 'select 3');
    click(button(root, 'Save as version 3'));
    await until(() => root.querySelector('[role=alert]') !== null);
    expect(root.textContent).toContain('Version 3 was saved while you worked');
    expect(root.querySelector('textarea')?.value).toBe('select 3');
    unmount();
  });

  test('problems name their step and line and lead there', async () => {
    const scheduled = { ...pipeline, document: `${document}schedule: { cron: 0 0 31 2 * }\n` };
    const problems: Validation['problems'] = [
      { severity: 'error', path: 'steps/0/sql', step: 'count', message: 'no column', line: 2, column: 3 },
      { severity: 'error', path: 'schedule', step: null, message: 'never comes', line: 4, column: 1 }
    ];
    const { root, unmount } = mount(page(), suiteWith({ getPipeline: async () => scheduled, validatePipeline: async () => ({ ...sound, isValid: false, problems }) }));
    await until(() => root.textContent?.includes('no column') === true);
    expect(root.querySelector('.jp-Strata-problems')?.textContent).toContain('count line 2 no column');
    click([...root.querySelectorAll('.jp-Strata-problems button')][1]);
    await until(() => root.querySelector('.jp-Strata-schedule') !== null);
    expect(root.querySelector('.jp-Strata-schedule [role=alert]')?.textContent).toBe('never comes');
    unmount();
  });

  test('a preview shows rows with the types of the columns', async () => {
    const preview = async () => ({ columns: [{ name: 'n', type: 'BIGINT' }], rows: [[16], [null]], rowCount: 2, isTruncated: false, datasets: [], durationMs: 210 });
    const { root, unmount } = mount(page(), suiteWith({ getPipeline: async () => pipeline, validatePipeline: async () => sound, previewStep: preview }));
    await until(() => root.querySelector('textarea') !== null);
    click(button(root, 'Preview rows'));
    await until(() => root.querySelector('table') !== null);
    expect([...root.querySelectorAll('td')].map(({ textContent }) => textContent)).toEqual(['16', 'null']);
    expect(root.textContent).toContain('2 rows, in 0.2 s');
    unmount();
  });

  test('a run says per step what was read, made and wrong, and can go on from what failed', async () => {
    const rerun = jest.fn(async (_input: unknown) => ({ ...run, urn: 'urn:strata:demo:pipeline-run:01k0000000000000000000000b' }));
    const suite = suiteWith({ getRun: async () => run, rerunFromFailed: rerun });
    const urn = parseUrn(run.urn);
    if (urn === undefined) throw new Error('A URN.');
    const { root, unmount } = mount(<RunPage urn={urn} />, suite);
    await until(() => root.textContent?.includes('Could not convert') === true);
    expect(root.textContent).toContain('1 of 2 steps done');
    expect(root.textContent).toContain('attempt 2 of 3');
    expect(root.textContent).toContain('16 rows');
    click(button(root, 'counts @4'));
    click(button(root, 'Run again from what failed'));
    await until(() => suite.executed.length === 2);
    expect(suite.executed.map(({ args }) => args)).toEqual([{ urn: 'urn:strata:demo:dataset:counts@4' }, { urn: 'urn:strata:demo:pipeline-run:01k0000000000000000000000b' }]);
    unmount();
  });

  test('the section lists pipelines with their last run; an empty one teaches the next step', async () => {
    const suite = suiteWith({ listPipelines: async () => ({ items: [], nextCursor: null }) });
    const { root, unmount } = mount(<PipelinesSection />, suite);
    await until(() => root.textContent?.includes('Pipelines turn datasets') === true);
    click(button(root, 'New pipeline'));
    expect(suite.executed[0]?.id).toBe(lineageCommands.newPipeline);
    unmount();
  });

  test('differences are signs and words, not only colours', () => {
    const { root, unmount } = mount(
      <DiffView
        lines={[
          { kind: 'removed', text: 'a', fromLine: 1, toLine: null },
          { kind: 'added', text: 'b', fromLine: null, toLine: 1 }
        ]}
      />
    );
    expect([...root.querySelectorAll('[role=row]')].map(({ textContent }) => textContent)).toEqual(['1−a', '1+b']);
    expect(root.querySelector('[aria-label=added]')).not.toBeNull();
    unmount();
  });

  test('every command says what it takes', async () => {
    const suite = testSuite();
    const opened: string[] = [];
    const service = {
      runPipeline: async () => run,
      createPipeline: async ({ body }: { body: { document: string } }) => ({ ...pipeline, document: body.document }),
      listDatasets: async () => ({ items: [] })
    };
    Object.assign(suite.stratalab, { clientFor: () => service });
    addPipelineCommands(suite.commands, { suite, navigator: { open: (urn: string) => opened.push(urn) > 0 } as never, sections: { reveal: () => undefined } as never });
    for (const id of suite.commands.listCommands()) expect((await suite.commands.describedBy(id)).args).not.toBeNull();
    expect(await suite.commands.execute(lineageCommands.runPipeline, { pipeline: 'p' })).toBe(run.urn);
    expect(await suite.commands.execute(lineageCommands.newPipeline, { name: 'fresh' })).toBe(true);
    expect(opened).toEqual([run.urn, pipeline.urn]);
  });
});
