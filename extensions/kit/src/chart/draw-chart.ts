import uPlot from 'uplot';
import { aligned, positiveOnly, smoothed, type ChartSeries } from './chart-data';

export interface ChartLook {
  readonly isTime: boolean;
  readonly isLogarithmic: boolean;
  /** 0..0.99 */
  readonly smoothing: number;
  /** Charts with the same key share the cursor. */
  readonly cursorKey: string;
  readonly xLabel: string;
}

export interface DrawnChart {
  update(series: readonly ChartSeries[]): void;
  resize(width: number): void;
  destroy(): void;
}

const chartHeight = 220;
const palette = ['--jp-brand-color1', '--jp-warn-color1', '--jp-success-color1', '--jp-error-color1', '--jp-info-color1', '--jp-accent-color1'];
const dashes = [[], [6, 3], [2, 3]];

/** Draws into `element` with the colours of the current theme; series beyond the palette differ by their dashes. */
export function drawChart(element: HTMLElement, series: readonly ChartSeries[], look: ChartLook): DrawnChart {
  const theme = getComputedStyle(element);
  const colour = (name: string): string => theme.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--jp-ui-font-color2'),
    grid: { stroke: colour('--jp-border-color3'), width: 1 },
    ticks: { stroke: colour('--jp-border-color2'), width: 1 }
  };
  const plot = new uPlot(
    {
      width: Math.max(element.clientWidth, 200),
      height: chartHeight,
      cursor: { sync: { key: look.cursorKey } },
      scales: { x: { time: look.isTime }, y: { distr: look.isLogarithmic ? 3 : 1 } },
      axes: [axis, { ...axis, size: 60 }],
      series: [
        { label: look.xLabel },
        ...series.map(({ label }, index) => ({
          label,
          stroke: colour(palette[index % palette.length] ?? palette[0] ?? ''),
          width: 1.5,
          spanGaps: true,
          dash: dashes[Math.floor(index / palette.length) % dashes.length] ?? [],
          points: { show: false }
        }))
      ]
    },
    dataOf(series, look),
    element
  );
  return {
    update: next => plot.setData(dataOf(next, look)),
    resize: width => plot.setSize({ width, height: chartHeight }),
    destroy: () => plot.destroy()
  };
}

function dataOf(series: readonly ChartSeries[], look: ChartLook): uPlot.AlignedData {
  const { x, columns } = aligned(series);
  const shown = columns.map(column => {
    const smooth = smoothed(column, look.smoothing);
    return [...(look.isLogarithmic ? positiveOnly(smooth) : smooth)];
  });
  return [[...x], ...shown];
}
