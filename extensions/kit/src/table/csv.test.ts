import { describe, expect, test } from '@jest/globals';
import { toCsv } from './csv';

const columns = [
  { id: 'name', label: 'Name', width: 1, text: (row: { name: string; loss: string }) => row.name },
  { id: 'loss', label: 'Loss', width: 1, text: (row: { name: string; loss: string }) => row.loss, isNumber: true }
];

describe('copy as CSV', () => {
  test('commas, quotes and line ends are quoted', () => {
    expect(toCsv(columns, [{ name: 'a,"b"\nc', loss: '1' }])).toBe('Name,Loss\r\n"a,""b""\nc",1');
  });
  test('a cell cannot become a formula of a spreadsheet, a negative number stays one', () => {
    expect(toCsv(columns, [{ name: '=cmd()', loss: '-1' }])).toBe("Name,Loss\r\n'=cmd(),-1");
  });
});
