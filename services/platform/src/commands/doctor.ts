import { dataChecks } from '../doctor/data.ts';
import { checkBucket } from '../doctor/bucket.ts';
import type { Check, Examined, Finding } from '../doctor/finding.ts';
import { installationChecks } from '../doctor/installation.ts';

const marks = { ok: '✓', warn: '!', fail: '✗' } as const;

/** Checks all a start needs and says how to mend what is not in order; exit status 1 when something must be mended. */
export async function doctor(examined: Examined, options: { readonly isJson: boolean }): Promise<number> {
  const findings = await examine(examined);
  process.stdout.write(options.isJson ? `${JSON.stringify(findings)}\n` : findings.map(describe).join(''));
  return findings.some(finding => finding.level === 'fail') ? 1 : 0;
}

/** Runs the checks one after the other; all of them unless told otherwise. */
export async function examine(examined: Examined, checks: readonly Check[] = [...installationChecks, ...dataChecks, checkBucket]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(await check(examined));
  return findings;
}

function describe(finding: Finding): string {
  return `${marks[finding.level]} ${finding.name}: ${finding.message}\n${finding.hint === undefined ? '' : `    ${finding.hint}\n`}`;
}
