import { act } from 'react';
import { click, mount, testSuite, until } from '../../../kit/src/testing/render.test-support';
import * as React from 'react';
import { TryChat } from './try-chat';

/** A gateway that says one word, then waits for the caller to leave. */
function slowGateway(): { readonly bodies: string[]; isLeft: boolean } {
  const state = { bodies: [] as string[], isLeft: false };
  const encode = (text: string) => new TextEncoder().encode(text);
  Object.assign(globalThis, {
    fetch: async (_url: string, options: { body: string; signal: AbortSignal }) => {
      state.bodies.push(options.body);
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(encode('data: {"choices":[{"delta":{"content":"Paris"}}]}\n\n'));
          options.signal.addEventListener('abort', () => {
            state.isLeft = true;
            controller.error(new Error('aborted'));
          });
        }
      });
      return { ok: true, body };
    }
  });
  return state;
}

function type(root: HTMLElement, text: string): void {
  const area = root.querySelector('textarea');
  const setter = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set;
  act(() => {
    setter?.call(area, text);
    area?.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

test('text appears as it comes, and Stop ends the answer at the model while what was said stays', async () => {
  Element.prototype.scrollIntoView ??= () => undefined;
  const gateway = slowGateway();
  const { root, unmount } = mount(<TryChat tenant="demo" name="smol" isReady={true} />, testSuite());
  type(root, 'What is the capital of France?');
  click(root.querySelector('button[type=submit]'));
  act(() => void root.querySelector('form')?.requestSubmit());
  await until(() => root.textContent?.includes('Paris') === true);
  expect(JSON.parse(gateway.bodies[0] ?? '{}')).toMatchObject({ model: 'demo/smol', stream: true, messages: [{ role: 'user', content: 'What is the capital of France?' }] });
  click([...root.querySelectorAll('button')].find(button => button.textContent === 'Stop'));
  await until(() => root.textContent?.includes('Stopped.') === true);
  expect(gateway.isLeft).toBe(true);
  expect(root.textContent).toContain('Paris');
  unmount();
});
