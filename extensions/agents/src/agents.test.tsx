import { afterEach, describe, expect, test } from '@jest/globals';
// Read before the first test, so that no test waits for their compilation.
import '@stratalab/contracts/agents';
import '@stratalab/contracts/catalog';
import '@stratalab/contracts/serving';
import { nullTranslator } from '@jupyterlab/translation';
import { Problem } from '@stratalab/contracts';
import { shellCommands } from '@stratalab/lab-kit';
import fc from 'fast-check';
import * as React from 'react';
import { act } from 'react';
import { click, mount, press, until } from '../../kit/src/testing/render.test-support';
import { AnswersTab } from './answers/answers-tab';
import { segmentsOf } from './bench/answer-text';
import { Bench } from './bench/bench';
import { CollectionPage } from './collection/collection-page';
import { DocumentsTab } from './collection/documents-tab';
import { programs } from './collection/use-tab';
import { uploadFiles, type UploadProgress } from './collection/upload';
import { addAgentCommands } from './commands/agent-commands';
import { agentCommands, deployModelCommand } from './commands/command-ids';
import { AgentsSection } from './section/agents-section';
import { documentStatus } from './words';
import { answer, broken, button, chat, documentText, farSide, handbook, trace, typeInto } from './testing/agents.test-support';

const params = { tenant: 'demo', collection: 'handbook' };
const lists = (...items: readonly unknown[]): object => ({ items, nextCursor: null });
const shown = (): string => document.body.textContent ?? '';
let unmount: () => void = () => undefined;
afterEach(() => unmount());
function show(element: React.ReactNode, suite: ReturnType<typeof farSide>): void {
  ({ unmount } = mount(element, suite));
}

describe('the text of an answer', () => {
  test('its pieces put together are the answer, citations and support marked', () => {
    const segments = segmentsOf(answer);
    const shape = segments.map(segment =>
      segment.kind === 'text' ? [segment.text, segment.isSupported] : segment.kind === 'found' ? segment.chunkId : segment.citations.map(({ marker }) => marker)
    );
    expect(shape).toEqual([['Fifty jobs may run at once ', true], [1], ['.', true], [' ', undefined], ['Coffee is free ', false], [7], ['.', false]]);
  });

  test('a sentence without a citation that holds shows where the program finds its words', () => {
    const sentences = answer.sentences.map(sentence => ({ ...sentence, isSupported: false, supportedBy: 'c1' }));
    expect(segmentsOf({ ...answer, sentences }).map(segment => segment.kind)).toEqual(['text', 'citations', 'text', 'found', 'text', 'text', 'citations', 'text', 'found']);
  });

  test('nothing is lost or doubled, whatever the spans', () => {
    const span = fc.tuple(fc.nat(40), fc.nat(40)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 5 }), fc.array(span, { maxLength: 5 }), (citing, sentences) => {
        const text = 'x'.repeat(45);
        const [first] = answer.citations;
        const [sentence] = answer.sentences;
        if (first === undefined || sentence === undefined) throw new Error('The sample lacks its parts.');
        const segments = segmentsOf({ text, citations: citing.map(at => ({ ...first, span: at })), sentences: sentences.map(at => ({ ...sentence, span: at })) });
        const length = segments.reduce(
          (sum, segment) => sum + (segment.kind === 'text' ? segment.text.length : segment.kind === 'found' ? 0 : (segment.citations[0]?.span.to ?? 0) - segment.from),
          0
        );
        expect(length).toBe(text.length);
      })
    );
  });
});

describe('the bench', () => {
  test('asks, shows the answer with its citations and every candidate, and opens a source highlighted', async () => {
    const suite = farSide({
      'GET /endpoints': lists(chat),
      'POST /collections/handbook/ask': answer,
      [`GET /collections/handbook/documents/${broken.id}/text`]: documentText
    });
    Element.prototype.scrollIntoView = () => undefined;
    show(<Bench params={params} isSearchable />, suite);
    await until(() => document.querySelector('option[value="chat"]') !== null);
    typeInto(document.querySelector('textarea'), 'How many jobs?');
    press(document.querySelector('textarea'), 'Enter');
    await until(() => document.querySelector('[data-testid=stratalab-answer]') !== null);
    expect(suite.asked).toContain('POST /collections/handbook/ask {"question":"How many jobs?","endpoint":"chat","k":4,"mode":"hybrid"}');
    expect(shown()).toContain('Partly cited');
    expect(document.querySelector('.jp-Strata-cite.jp-mod-invalid')?.getAttribute('title')).toContain('no passage with this number');
    expect(document.querySelector('.jp-Strata-unsupported')?.textContent).toContain('Coffee is free');
    expect(shown()).toContain('9 passages searched in 3 ms; 1 kept with about 9 tokens.');
    click(button('Citation 1: quotas.md'));
    await until(() => document.querySelector('mark') !== null);
    expect(document.querySelector('mark')?.textContent).toBe('Fifty jobs may run at once');
    press(document.querySelector('[data-testid=stratalab-source]'), 'Escape');
    expect(document.querySelector('mark')).toBeNull();
    click(button('Good'));
    await until(() => button('Good').getAttribute('aria-checked') === 'true');
    expect(suite.asked).toContain(`PUT /answers/${answer.id}/feedback {"rating":"good"}`);
  });

  test('without a chat endpoint passages can be searched, and a click leads to deploying a model', async () => {
    const suite = farSide({ 'POST /collections/handbook/search': trace }, [deployModelCommand]);
    show(<Bench params={params} isSearchable />, suite);
    await until(() => shown().includes('Answers need a chat model'));
    typeInto(document.querySelector('textarea'), 'How many jobs?');
    expect(button('Ask').disabled).toBe(true);
    click(button('Search only'));
    await until(() => document.querySelector('[data-testid=stratalab-trace]') !== null);
    click(button('Deploy a model'));
    expect(suite.executed).toEqual([{ id: deployModelCommand, args: {} }]);
  });

  test('says honestly that nothing is supported, and shows the passages', async () => {
    const uncited = {
      ...answer,
      verdict: 'uncited',
      passages: [{ marker: 1, chunkId: 'c1', documentId: broken.id, documentName: 'quotas.md', page: 3, source: { from: 0, to: 6 }, text: 'Fifty jobs.' }]
    };
    show(<Bench params={params} isSearchable />, farSide({ 'GET /endpoints': lists(chat), 'POST /collections/handbook/ask': uncited }));
    await until(() => document.querySelector('option[value="chat"]') !== null);
    typeInto(document.querySelector('textarea'), 'How many jobs?');
    click(button('Ask'));
    await until(() => shown().includes('No sentence is supported by a passage it cites'));
    expect(shown()).toContain('quotas.md · page 3');
  });

  test('a failure is a notice with its hint, and an empty collection says what to do', async () => {
    const failing = farSide({
      'GET /endpoints': lists(chat),
      'POST /collections/handbook/ask': new Problem('unavailable', { detail: 'No replica answers.', hint: 'Wait a moment.' })
    });
    show(<Bench params={params} isSearchable />, failing);
    await until(() => document.querySelector('option[value="chat"]') !== null);
    typeInto(document.querySelector('textarea'), 'x');
    click(button('Ask'));
    await until(() => shown().includes('Wait a moment.'));
    unmount();
    show(<Bench params={params} isSearchable={false} />, farSide({}));
    await until(() => shown().includes('Add documents'));
  });
});

describe('documents', () => {
  test('are listed, and one that could not be read says why', async () => {
    show(<DocumentsTab params={params} />, farSide({ 'GET /collections/handbook/documents': lists(broken) }));
    await until(() => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === '2');
    expect(documentStatus(broken, nullTranslator.load('stratalab'))).toMatchObject({ tone: 'bad', sentence: 'The file is not a complete PDF.' });
  });

  test('are sent one after the other; a refused one does not stop the next', async () => {
    const sent: string[] = [];
    class Request {
      upload = { onprogress: undefined };
      status = 201;
      response: unknown = {};
      onload: () => void = () => undefined;
      open(_method: string, url: string): void {
        sent.push(url);
      }
      setRequestHeader(): void {}
      send(): void {
        this.status = sent.length === 1 ? 415 : 201;
        this.response = { detail: 'Not a document.', hint: 'Markdown can be read.' };
        this.onload();
      }
    }
    const before = globalThis.XMLHttpRequest;
    globalThis.XMLHttpRequest = Request as never;
    try {
      let last: readonly UploadProgress[] = [];
      await uploadFiles(farSide({}), params, [new File(['a'], 'a.exe'), new File(['b'], 'b c.md')], all => (last = all));
      expect(sent[1]).toBe('http://platform/api/agents/v1/tenants/demo/collections/handbook/documents?name=b+c.md');
      expect(last.map(({ isDone, problem }) => [isDone, problem?.message])).toEqual([
        [true, 'Not a document.'],
        [true, undefined]
      ]);
    } finally {
      globalThis.XMLHttpRequest = before;
    }
  });
});

describe('the collection page, the section and the commands', () => {
  test('the page has its state in words and its tabs', async () => {
    const graph = { root: handbook.urn, nodes: [], edges: [], isTruncated: false };
    show(
      <CollectionPage urn={{ tenant: 'demo', kind: 'collection', name: 'handbook' }} />,
      farSide({ 'GET /collections/handbook': handbook, 'GET /lineage': graph, 'GET /endpoints': lists(chat) })
    );
    await until(() => document.querySelector('[role=tablist]') !== null);
    expect([...document.querySelectorAll('[role=tab]')].map(tab => tab.textContent)).toEqual(['Ask', 'Documents2', 'Answers', 'Use']);
    expect(shown()).toContain('About the product.');
  });

  test('the section lists collections and recent answers, fresh after every event, and opens their pages', async () => {
    const answers: Record<string, unknown> = { 'GET /collections': lists(handbook), 'GET /answers': lists(answer) };
    const suite = farSide(answers, [shellCommands.openObject, agentCommands.newCollection]);
    show(<AgentsSection />, suite);
    await until(() => shown().includes('2 documents') && shown().includes('How many jobs?'));
    answers['GET /collections'] = lists({ ...handbook, state: 'building', progress: 0.42 });
    act(() => suite.emit('collection.changed.v1'));
    await until(() => shown().includes('Building 42 %'));
    click([...document.querySelectorAll('.jp-Strata-agentRow')][0]);
    expect(suite.executed).toEqual([{ id: shellCommands.openObject, args: { urn: handbook.urn } }]);
  });

  test('a first visit offers the next step', async () => {
    const suite = farSide({}, [agentCommands.newCollection]);
    show(<AgentsSection />, suite);
    await until(() => shown().includes('A collection holds documents'));
    click(button('New collection'));
    expect(suite.executed[0]?.id).toBe(agentCommands.newCollection);
    unmount();
    show(<AnswersTab params={params} />, suite);
    await until(() => shown().includes('Nothing was asked yet'));
  });

  test('commands work from their arguments alone and are described', async () => {
    const suite = farSide({ 'POST /collections': handbook, 'POST /collections/handbook/ask': answer }, [shellCommands.openObject]);
    addAgentCommands(suite, suite.commands);
    expect(await suite.commands.execute(agentCommands.newCollection, { name: 'hand book' })).toBe(handbook.urn);
    expect(suite.asked).toContain('POST /collections {"name":"hand-book"}');
    expect(await suite.commands.execute(agentCommands.ask, { collection: 'handbook', endpoint: 'chat', question: 'x' })).toMatchObject({ verdict: 'partly-cited' });
    await expect(suite.commands.execute(agentCommands.ask, { collection: 'handbook' })).rejects.toThrow("'endpoint'");
    for (const id of Object.values(agentCommands)) expect((await suite.commands.describedBy(id)).args).not.toBeNull();
  });

  test('snippets name the route they call', () => {
    for (const { code } of programs('http://platform', params)) expect(code).toContain('http://platform/api/agents/v1/tenants/demo/collections/handbook/ask');
  });
});
