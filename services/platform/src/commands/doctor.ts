import { checks, type Finding } from '../doctor/checks.ts';
import type { Layout } from '../supervisor/layout.ts';

const marks = { ok: '✓', warn: '!', fail: '✗' } as const;

/** Checks all a start needs; exit status 1 when something must be mended. */
export async function doctor(layout: Layout, options: { readonly isJson: boolean }): Promise<number> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(await check(layout));
  if (options.isJson) process.stdout.write(`${JSON.stringify(findings)}\n`);
  else for (const finding of findings) process.stdout.write(`${marks[finding.level]} ${finding.name}: ${finding.message}${finding.hint === undefined ? '' : `\n    ${finding.hint}`}\n`);
  return findings.some(finding => finding.level === 'fail') ? 1 : 0;
}
