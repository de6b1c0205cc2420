// Not in jsdom: DragEvent (lumino/dragdrop), matchMedia (fast-foundation), requestIdleCallback (ReactWidget renders in it), observers.
globalThis.DragEvent ??= class DragEvent extends MouseEvent {
  constructor(type, init = {}) {
    super(type, init);
    this.dataTransfer = init.dataTransfer ?? null;
  }
};
globalThis.matchMedia ??= () => ({ matches: false, addListener() {}, removeListener() {}, addEventListener() {}, removeEventListener() {} });
globalThis.requestIdleCallback ??= callback => setTimeout(() => callback({ didTimeout: false, timeRemaining: () => 50 }), 0);
globalThis.cancelIdleCallback ??= id => clearTimeout(id);
globalThis.IS_REACT_ACT_ENVIRONMENT = true;
globalThis.ResizeObserver ??= class ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
};
// jsdom lays nothing out: every element is as large as a small screen, so virtual lists have rows to draw.
const size = { height: 600, width: 800 };
for (const side of ['client', 'offset']) {
  Object.defineProperty(HTMLElement.prototype, `${side}Height`, { configurable: true, get: () => size.height });
  Object.defineProperty(HTMLElement.prototype, `${side}Width`, { configurable: true, get: () => size.width });
}
