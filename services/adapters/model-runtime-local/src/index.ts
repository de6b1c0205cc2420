export { createLocalModelRuntime, type LocalModelRuntimeOptions } from './local-model-runtime.ts';
