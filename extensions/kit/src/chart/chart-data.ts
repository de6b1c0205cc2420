export interface ChartSeries {
  readonly label: string;
  /** Points in order of x (a step, or seconds since 1970 when `isTime`). */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Exponential moving average with bias correction; `weight` 0 leaves the values, 0.99 nearly a straight line. */
export function smoothed(values: readonly (number | null)[], weight: number): readonly (number | null)[] {
  if (weight <= 0) return values;
  let mean = 0;
  let count = 0;
  return values.map(value => {
    if (value === null) return null;
    mean = mean * weight + (1 - weight) * value;
    count += 1;
    return mean / (1 - weight ** count);
  });
}

export interface AlignedChart {
  readonly x: readonly number[];
  /** One column per series, null where it has no point. */
  readonly columns: readonly (readonly (number | null)[])[];
}

/** Puts the points of all series on one axis, as uPlot wants them; values that are not finite become gaps, the last of two equal x wins. */
export function aligned(series: readonly ChartSeries[]): AlignedChart {
  const x = [...new Set(series.flatMap(({ points }) => points.map(point => point.x)))].sort((a, b) => a - b);
  const columns = series.map(({ points }) => {
    const byX = new Map(points.map(point => [point.x, point.y]));
    return x.map(position => {
      const value = byX.get(position);
      return value === undefined || !Number.isFinite(value) ? null : value;
    });
  });
  return { x, columns };
}

/** A logarithmic axis has no place for zero and below: those become gaps. */
export function positiveOnly(values: readonly (number | null)[]): readonly (number | null)[] {
  return values.map(value => (value !== null && value > 0 ? value : null));
}
