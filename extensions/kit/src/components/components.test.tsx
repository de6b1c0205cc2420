import { describe, expect, test } from '@jest/globals';
import { nullTranslator } from '@jupyterlab/translation';
import { Problem } from '@stratalab/contracts';
import * as React from 'react';
import { shellCommands } from '../platform/command-ids';
import { click, mount, press, testSuite, until } from '../testing/render.test-support';
import { cellMimeData } from './cell-drag';
import { BlastRadius } from './confirm-destructive';
import { LineageStrip } from './lineage-strip';
import { Meter } from './meter';
import { ObjectPage } from './object-page';
import { ProblemNotice } from './problem-notice';
import { SnippetMenu } from './snippet-menu';
import { sparklinePath } from './sparkline';
import { StatusChip } from './status-chip';
import { Tabs } from './tabs';

describe('parts of the suite', () => {
  test('a meter says used plus reserved of the limit and warns near it', () => {
    const { root, unmount } = mount(<Meter label="GPU" unit="GPU" used={3} reserved={1} limit={4} />);
    expect(root.querySelector('[role=meter]')?.getAttribute('aria-valuetext')).toBe('4 of 4 GPU');
    expect(root.querySelector('.jp-mod-full')).not.toBeNull();
    unmount();
  });
  test('a status is a word and a sentence, not only a colour', () => {
    const { root, unmount } = mount(<StatusChip tone="busy" label="Waiting" sentence="2 of 4 GPUs free in pool a100" />);
    expect(root.textContent).toContain('Waiting');
    expect(root.textContent).toContain('2 of 4 GPUs free in pool a100');
    unmount();
  });
  test('a problem shows title, detail, numbers and hint', () => {
    const problem = new Problem('quota-exceeded', { detail: 'The job needs 4 GPUs.', hint: 'Ask for 2.', limit: 4, used: 2, requested: 4 });
    const { root, unmount } = mount(<ProblemNotice problem={problem} />);
    expect(root.querySelector('[role=alert]')?.textContent).toContain('The quota does not allow thisThe job needs 4 GPUs.Limit 4, used 2, requested 4Ask for 2.');
    unmount();
  });
  test('tabs show counts, mount only the open one, and arrows go around', () => {
    const items = ['one', 'two'].map(id => ({ id, label: id, count: 1234, render: () => <p>{`content ${id}`}</p> }));
    const { root, unmount } = mount(<Tabs items={items} label="Parts" />);
    expect(root.textContent).toContain('1\u202f234');
    expect(root.textContent).toContain('content one');
    press(root.querySelector('[role=tab]'), 'ArrowLeft');
    expect(root.textContent).toContain('content two');
    expect(root.textContent).not.toContain('content one');
    expect(document.activeElement?.textContent).toContain('two');
    unmount();
  });
  test('a neighbour in the lineage opens its page; many are folded', async () => {
    const suite = testSuite([shellCommands.openObject]);
    const madeFrom = Array.from({ length: 6 }, (_unused, index) => ({ urn: `urn:strata:demo:job:j${index}`, label: `job ${index}` }));
    const { root, unmount } = mount(<LineageStrip urn="urn:strata:demo:model:m" name="m" load={async () => ({ madeFrom, usedBy: [] })} />, suite);
    await until(() => root.textContent?.includes('job 3') ?? false);
    expect(root.textContent).toContain('2 more');
    expect(root.textContent).toContain('nothing yet');
    click(root.querySelector('.jp-Strata-link'));
    expect(suite.executed).toEqual([{ id: shellCommands.openObject, args: { urn: 'urn:strata:demo:job:j0' } }]);
    unmount();
  });
  test('a lineage whose refresh failed stays, under what went wrong', async () => {
    const suite = testSuite();
    const answers = [async () => ({ madeFrom: [{ urn: 'urn:strata:demo:job:j', label: 'job j' }], usedBy: [] }), () => Promise.reject(new Problem('unavailable'))];
    const { root, unmount } = mount(
      <LineageStrip urn="urn:strata:demo:model:m" name="m" load={() => answers.shift()?.() ?? Promise.reject(new Error('asked too often'))} />,
      suite
    );
    await until(() => root.textContent?.includes('job j') === true);
    suite.emit('lineage.changed.v1');
    await until(() => root.querySelector('[role=alert]') !== null);
    expect(root.textContent).toContain('job j');
    unmount();
  });
  test('only Python goes into a notebook', () => {
    const suite = testSuite([shellCommands.insertCell]);
    const snippets = [
      { language: 'Python', code: 'print(1)' },
      { language: 'curl', code: 'curl x' }
    ] as const;
    const { root, unmount } = mount(<SnippetMenu snippets={snippets} />, suite);
    click([...root.querySelectorAll('button')].find(button => button.textContent === 'Insert into notebook'));
    expect(suite.executed).toEqual([{ id: shellCommands.insertCell, args: { code: 'print(1)' } }]);
    click([...root.querySelectorAll('button')].find(button => button.textContent === 'curl'));
    expect(root.textContent).not.toContain('Insert into notebook');
    unmount();
  });
  test('a dragged cell is a cell for notebooks and text for editors, and is marked', () => {
    const data = cellMimeData('print(1)');
    expect(data.getData('text/plain')).toBe('print(1)');
    expect(data.getData('application/vnd.jupyter.cells')).toMatchObject([{ cell_type: 'code', source: 'print(1)', metadata: { stratalab: { inserted: true } } }]);
  });
  test('what would be destroyed is listed and the name is asked for', () => {
    let typed = '';
    const action = { title: 'Delete?', verb: 'Delete', blastRadius: ['Model a loses its origin', 'Job b fails'], nameToType: 'flights', translator: nullTranslator };
    const { root, unmount } = mount(
      <BlastRadius
        action={action}
        onType={text => {
          typed = text;
        }}
      />
    );
    expect(root.textContent).toContain('This is what happens:Model a loses its originJob b fails');
    expect(root.textContent).toContain('Type flights to confirm');
    expect(typed).toBe('');
    unmount();
  });
  test('an object page has a header, one primary action and its tabs', () => {
    let isRun = false;
    const { root, unmount } = mount(
      <ObjectPage
        name="flights"
        chips={['v3']}
        owner="ada"
        primary={{
          label: 'Open in notebook',
          onClick: () => {
            isRun = true;
          }
        }}
        tabs={[{ id: 'schema', label: 'Schema', render: () => 'columns' }]}
      />
    );
    expect(root.querySelector('h2')?.textContent).toBe('flights');
    click(root.querySelector('.jp-mod-accept'));
    expect(isRun).toBe(true);
    unmount();
  });
  test('a refresh that failed is said on the page, with a retry; what was typed there stays', () => {
    let reloads = 0;
    const page = (problem: Problem | undefined): React.JSX.Element => (
      <ObjectPage
        name="smol"
        query={{ data: {}, problem, isLoading: false, reload: () => void (reloads += 1) }}
        tabs={[{ id: 'try', label: 'Try it', render: () => <textarea aria-label="Message" /> }]}
      />
    );
    const { root, rerender, unmount } = mount(page(undefined));
    const box = root.querySelector('textarea');
    if (box !== null) box.value = 'half a question';
    rerender(page(new Problem('unavailable')));
    expect(root.querySelector('textarea')?.value).toBe('half a question');
    click(root.querySelector('[role=alert] button'));
    expect(reloads).toBe(1);
    rerender(page(undefined));
    expect(root.querySelector('[role=alert]')).toBeNull();
    expect(root.querySelector('textarea')).toBe(box);
    unmount();
  });
  test('a sparkline breaks at gaps and lies in the middle when nothing changes', () => {
    expect(sparklinePath([1, Number.NaN, 3], 80, 20)).toBe('M1.5 18.5M78.5 1.5');
    expect(sparklinePath([2, 2], 80, 20)).toBe('M1.5 10.0L78.5 10.0');
    expect(sparklinePath([], 80, 20)).toBe('');
  });
});
