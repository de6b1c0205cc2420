import { describe, expect, test } from '@jest/globals';
import { Check } from 'typebox/value';
import { ProblemDocument } from './problem-document.ts';
import { isProblemCode, Problem, problemCodes, problemKinds } from './problem.ts';

describe('problems', () => {
  test.each(problemCodes)('%s is a complete RFC 9457 document', code => {
    const document = new Problem(code, { detail: 'What happened.', hint: 'What to do.', limit: 2, used: 2, requested: 1 }).toDocument('request-1');
    expect(Check(ProblemDocument, document)).toBe(true);
    expect(document).toMatchObject({ type: `urn:strata:problem:${code}`, code, status: problemKinds[code].status, instance: 'request-1' });
    expect(document.title).not.toBe('');
    expect(document.status).toBeGreaterThanOrEqual(400);
  });

  test('what a retry may mend is marked so: only 429 and the 5xx that pass', () => {
    const retryable = problemCodes.filter(code => new Problem(code).isRetryable);
    expect(retryable.sort()).toEqual(['storage-full', 'timed-out', 'too-many-requests', 'unavailable']);
  });

  test('causes and waiting times stay inside', () => {
    const document = new Problem('unavailable', { cause: new Error('password=x'), retryAfterSeconds: 3 }).toDocument();
    expect(JSON.stringify(document)).not.toContain('password');
    expect(Check(ProblemDocument, document)).toBe(true);
    expect(document).not.toHaveProperty('retryAfterSeconds');
  });

  test('names of object members are no codes', () => {
    expect(isProblemCode('toString')).toBe(false);
    expect(isProblemCode('__proto__')).toBe(false);
    expect(isProblemCode('quota-exceeded')).toBe(true);
  });
});
