import { describe, expect, test } from '@jest/globals';
import { parseAnsi } from './ansi';

const esc = '\u001b';

describe('ANSI output as styled text', () => {
  test('colours and bold become class names and end with a reset', () => {
    expect(parseAnsi(`a${esc}[1;31mb${esc}[0mc`)).toEqual([
      { text: 'a', className: '' },
      { text: 'b', className: 'jp-Strata-ansi-red jp-Strata-ansi-bold' },
      { text: 'c', className: '' }
    ]);
  });
  test('bright colours are the colours', () => expect(parseAnsi(`${esc}[92mok`)).toEqual([{ text: 'ok', className: 'jp-Strata-ansi-green' }]));
  test('cursor movements, titles and unknown sequences vanish', () => {
    expect(parseAnsi(`${esc}[2K${esc}]0;title\u0007x${esc}[?25ly`).map(piece => piece.text)).toEqual(['x', 'y']);
  });
  test('a carriage return starts the line again, as progress bars do', () => {
    expect(parseAnsi('10%\r50%\r100%')).toEqual([{ text: '100%', className: '' }]);
    expect(parseAnsi('windows line\r')).toEqual([{ text: 'windows line', className: '' }]);
  });
  test('markup stays text', () => expect(parseAnsi('<img src=x onerror=alert(1)>')).toEqual([{ text: '<img src=x onerror=alert(1)>', className: '' }]));
});
