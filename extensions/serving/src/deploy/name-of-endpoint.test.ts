import { endpointNamePattern, nameOfEndpoint } from './name-of-endpoint';

test('a name of an endpoint is made from any name of a model', () => {
  for (const model of ['SmolLM2-135M-Instruct', 'iris.tree_v2', '___', 'x'.repeat(128), 'Ünï']) expect(nameOfEndpoint(model)).toMatch(endpointNamePattern);
  expect(nameOfEndpoint('SmolLM2-135M-Instruct')).toBe('smollm2-135m-instruct');
});

test('a name that is taken gets a number', () => {
  expect(nameOfEndpoint('iris', ['iris', 'iris-2'])).toBe('iris-3');
});
