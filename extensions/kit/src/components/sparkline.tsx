import * as React from 'react';

export interface SparklineProps {
  readonly values: readonly number[];
  /** What it shows, for those who do not see it: "loss, last 0.12". */
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
}

/** A small line without axes; values that are not finite are gaps. */
export function Sparkline({ values, label, width = 80, height = 20 }: SparklineProps): React.JSX.Element {
  return (
    <svg className="jp-Strata-sparkline" role="img" aria-label={label} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <path d={sparklinePath(values, width, height)} fill="none" strokeWidth={1.5} />
    </svg>
  );
}

const margin = 1.5;

/** SVG path through the values, scaled to the box; a single or constant value is a line in the middle. */
export function sparklinePath(values: readonly number[], width: number, height: number): string {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low;
  const stepX = values.length > 1 ? (width - 2 * margin) / (values.length - 1) : 0;
  let isDrawing = false;
  return values
    .map((value, index) => {
      if (!Number.isFinite(value)) {
        isDrawing = false;
        return '';
      }
      const share = span === 0 ? 0.5 : (value - low) / span;
      const point = `${(margin + index * stepX).toFixed(1)} ${(height - margin - share * (height - 2 * margin)).toFixed(1)}`;
      const part = `${isDrawing ? 'L' : 'M'}${point}`;
      isDrawing = true;
      return part;
    })
    .join('');
}
