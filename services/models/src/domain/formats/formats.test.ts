import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tinyGguf } from '../../testing/tiny-gguf.test-support.ts';
import { ggufFacts, HeaderCut, NotGguf, parseGgufHeader, templateWarnings } from './gguf.ts';
import { readMlModel } from './mlmodel.ts';
import { codeInFile } from './signs.ts';

const none = Buffer.alloc(16);

describe('formats of models', () => {
  test('a GGUF header tells what it is', () => {
    const header = parseGgufHeader(tinyGguf({ 'general.architecture': 'llama', 'general.file_type': 3, 'llama.context_length': 8192 }));
    expect(ggufFacts(header)).toEqual({ architecture: 'llama', quantization: 'Q4_1', 'context length': '8192', 'chat template': 'no' });
  });

  test('T40 no bytes make the reader fail in an unexpected way or take memory', () => {
    const good = tinyGguf({ 'general.architecture': 'llama', 'general.name': 'x'.repeat(50) });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }), fc.nat(good.length), (changes, length) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          parseGgufHeader(bytes.subarray(0, length));
        } catch (error) {
          expect(error instanceof HeaderCut || error instanceof NotGguf).toBe(true);
        }
      }),
      { numRuns: 500 }
    );
  });

  test('T37 code is known by its name and by its first bytes', () => {
    for (const name of ['a.pkl', 'a.pickle', 'a.joblib', 'a.pt', 'a.pth', 'deep/a.CKPT']) expect(codeInFile(name, none)).toContain('pickle');
    expect(codeInFile('weights.dat', Buffer.from([0x80, 0x05, 0x95]))).toContain('pickle');
    expect(codeInFile('x.dat', Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]))).toContain('7z');
    expect(codeInFile('pytorch_model.bin', Buffer.from('PK\u0003\u0004'))).toContain('PyTorch');
    expect(codeInFile('renamed.safetensors', Buffer.from('PK\u0003\u0004xxxxxxxxxxxx'))).toContain('something else');
    const honest = Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{}')]);
    expect(codeInFile('model.safetensors', honest)).toBeUndefined();
    expect(codeInFile('config.json', Buffer.from('{}'))).toBeUndefined();
  });

  test.each(["{{ ''.__class__.__mro__ }}", "{{ x | attr('a') }}", '{{ cycler.__init__ }}'])('T39 a template that reaches for the interpreter is flagged: %s', template =>
    expect(templateWarnings(template)).toHaveLength(1)
  );
  test('T39 a plain template is not', () => expect(templateWarnings("{% for m in messages %}{{ m['content'] }}{% endfor %}")).toEqual([]));

  test('an MLmodel is judged by its flavours', () => {
    const text =
      "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    model_path: model.pkl\n  sklearn:\n    pickled_model: model.pkl\n    sklearn_version: 1.9.1\nsignature:\n  inputs: '[]'\n";
    expect(readMlModel(text)).toMatchObject({ format: 'mlflow-sklearn', flavourFiles: ['model.pkl', 'model.pkl'], signature: { inputs: '[]', outputs: null } });
    expect(() => readMlModel('a: [')).toThrow();
    expect(() => readMlModel('flavors: {}')).toThrow();
    expect(() => readMlModel(`a: &a [x]\nb: [${'*a,'.repeat(50)}]\nflavors:\n  x: 1`)).toThrow();
  });
});
