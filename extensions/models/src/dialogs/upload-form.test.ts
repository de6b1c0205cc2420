import { plainFileName } from './send-model';
import { nameFromFile } from './upload-form';

describe('names made from files', () => {
  test.each([
    ['SmolLM2-135M Instruct.Q4_1.gguf', 'smollm2-135m-instruct.q4_1'],
    ['../../x.GGUF', 'x'],
    ['模型.gguf', '']
  ])('%s becomes the model %s', (file, name) => expect(nameFromFile(file)).toBe(name));

  test.each([
    ['a b.gguf', 'a-b.gguf'],
    ['模型.gguf', 'gguf'],
    ['..', 'model.gguf']
  ])('%s is sent as %s', (file, name) => expect(plainFileName(file)).toBe(name));
});
