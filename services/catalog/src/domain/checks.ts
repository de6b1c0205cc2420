import type { CheckResult, ContractCheck } from '@stratalab/contracts/catalog';

export interface Bounds {
  readonly mustBe?: number;
  readonly mustNotBe?: number;
  readonly mustBeGreaterThan?: number;
  readonly mustBeGreaterOrEqualTo?: number;
  readonly mustBeLessThan?: number;
  readonly mustBeLessOrEqualTo?: number;
  readonly mustBeBetween?: readonly [number, number];
  readonly mustNotBeBetween?: readonly [number, number];
}

/** A check of a contract, ready to run: one number in SQL, and what it must be. */
export interface CompiledCheck extends ContractCheck {
  /** A scalar over the rows: an aggregate of `data`, or a whole query for `isQuery`. */
  readonly sql: string;
  readonly isQuery: boolean;
  readonly bounds: Bounds;
  readonly unit: 'rows' | 'percent';
}

const words: readonly (readonly [keyof Bounds, string])[] = [
  ['mustBe', 'must be'],
  ['mustNotBe', 'must not be'],
  ['mustBeGreaterThan', 'must be greater than'],
  ['mustBeGreaterOrEqualTo', 'must be at least'],
  ['mustBeLessThan', 'must be less than'],
  ['mustBeLessOrEqualTo', 'must be at most'],
  ['mustBeBetween', 'must be between'],
  ['mustNotBeBetween', 'must not be between']
];

/** The bounds in words: "must be 0", "must be between 1 and 5". */
export function boundsInWords(bounds: Bounds, unit: 'rows' | 'percent'): string {
  const suffix = unit === 'percent' ? ' %' : '';
  return words
    .flatMap(([name, word]) => {
      const value = bounds[name];
      if (value === undefined) return [];
      return [`${word} ${typeof value === 'number' ? value : `${value[0]} and ${value[1]}`}${suffix}`];
    })
    .join(', ');
}

export function hasBounds(bounds: Bounds): boolean {
  return words.some(([name]) => bounds[name] !== undefined);
}

/** Whether a number keeps every bound. */
export function isWithin(actual: number, bounds: Bounds): boolean {
  const { mustBeBetween: inside, mustNotBeBetween: outside } = bounds;
  return (
    (bounds.mustBe === undefined || actual === bounds.mustBe) &&
    (bounds.mustNotBe === undefined || actual !== bounds.mustNotBe) &&
    (bounds.mustBeGreaterThan === undefined || actual > bounds.mustBeGreaterThan) &&
    (bounds.mustBeGreaterOrEqualTo === undefined || actual >= bounds.mustBeGreaterOrEqualTo) &&
    (bounds.mustBeLessThan === undefined || actual < bounds.mustBeLessThan) &&
    (bounds.mustBeLessOrEqualTo === undefined || actual <= bounds.mustBeLessOrEqualTo) &&
    (inside === undefined || (actual >= inside[0] && actual <= inside[1])) &&
    (outside === undefined || actual < outside[0] || actual > outside[1])
  );
}

/** The result of one check; `actual` undefined means it could not be computed, and `message` says why. */
export function resultOf(check: CompiledCheck, actual: number | undefined, message?: string): CheckResult {
  const { id, column, rule, severity } = check;
  if (actual === undefined) return { id, column, rule, severity, state: 'error', actual: null, message: message ?? 'There was no number to compare.' };
  const rounded = Math.round(actual * 1e6) / 1e6;
  return { id, column, rule, severity, state: isWithin(actual, check.bounds) ? 'passed' : 'failed', actual: rounded, message: message ?? null };
}

/** A run passes when every check of severity error did; warnings are shown and do not fail it. */
export function runState(results: readonly CheckResult[]): 'passed' | 'failed' {
  return results.every(({ state, severity }) => state === 'passed' || severity === 'warning') ? 'passed' : 'failed';
}
