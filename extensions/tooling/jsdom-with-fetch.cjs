// jsdom plus the Node globals that it hides and JupyterLab needs at import time.
const { TestEnvironment } = require('jest-environment-jsdom');

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { fetch, Headers, Request, Response, TextDecoder, TextEncoder, ReadableStream, structuredClone });
  }
};
