import { describe, expect, test } from '@jest/globals';
import { ApiException } from '@kubernetes/client-node';
import { Problem } from '@stratalab/contracts';
import { refusalOf } from './refusal.ts';

const answer = (code: number, message: string): ApiException<string> => new ApiException(code, 'said', JSON.stringify({ kind: 'Status', message, code }), {});

describe('what the cluster says against a job', () => {
  test.each([
    [answer(403, 'admission webhook "check.example" denied the request: no cost center "x"'), 'invalid-request', /^The cluster does not take the job: .*no cost center "x"$/],
    [answer(422, "ValidatingAdmissionPolicy 'cost' with binding 'cost' denied request: no cost center"), 'invalid-request', /denied request: no cost center$/],
    [answer(403, 'jobs "j" is forbidden: exceeded quota: q, requested: count/jobs=1, used: count/jobs=1, limited: count/jobs=1'), 'unavailable', /tried again.*exceeded quota/],
    [answer(403, 'jobs "j" is forbidden: unable to create new content in namespace t because it is being terminated'), 'unavailable', /being terminated/],
    [answer(404, 'namespaces "t" not found'), 'unavailable', /not found/]
  ])('%#: it is told in its own words, and tried again where that may help', (said, code, detail) => {
    expect(refusalOf(said)).toMatchObject({ code, details: { detail: expect.stringMatching(detail) } });
  });

  test('F23 a webhook that does not answer is a reason to wait', () => {
    const cause = answer(500, 'Internal error occurred: failed calling webhook "check.example": context deadline exceeded');
    const seen = refusalOf(new Problem('unavailable', { detail: 'The cluster does not answer right now.', cause }));
    expect(seen).toMatchObject({ code: 'unavailable', details: { detail: expect.stringContaining('failed calling webhook "check.example"') } });
  });

  test('anything else is as it was', () => {
    const problem = new Problem('unavailable', { detail: 'The cluster does not answer right now.', cause: answer(503, 'leader changed') });
    expect(refusalOf(problem)).toBe(problem);
    const bug = new TypeError('x');
    expect(refusalOf(bug)).toBe(bug);
  });
});
