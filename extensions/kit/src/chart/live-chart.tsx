import * as React from 'react';
import { useVisible } from '../hooks/use-visible';
import { useTexts } from '../platform/context';
import type { ChartSeries } from './chart-data';
import type { DrawnChart } from './draw-chart';

export interface LiveChartProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  readonly xLabel: string;
  readonly isTime?: boolean;
  /** Charts with the same key share the cursor. */
  readonly cursorKey?: string;
}

const smoothingStep = 0.01;
const mostSmoothing = 0.99;

/** A line chart that grows with its data. The chart library is imported with the first chart; only a chart on the screen is drawn. */
export function LiveChart({ title, series, xLabel, isTime = false, cursorKey = 'stratalab' }: LiveChartProps): React.JSX.Element {
  const texts = useTexts();
  const [isLogarithmic, setLogarithmic] = React.useState(false);
  const [smoothing, setSmoothing] = React.useState(0);
  const box = React.useRef<HTMLDivElement>(null);
  const isVisible = useVisible(box);
  const theme = useThemeName();
  const labels = series.map(({ label }) => label).join('\n');
  const latest = React.useRef({ series, chart: undefined as DrawnChart | undefined });
  latest.current.series = series;

  React.useEffect(() => {
    const element = box.current;
    if (!isVisible || element === null) return undefined;
    let isMounted = true;
    const observer = new ResizeObserver(() => latest.current.chart?.resize(element.clientWidth));
    void import('./draw-chart').then(({ drawChart }) => {
      if (!isMounted) return;
      latest.current.chart = drawChart(element, latest.current.series, { isTime, isLogarithmic, smoothing, cursorKey, xLabel });
      observer.observe(element);
    });
    return () => {
      isMounted = false;
      observer.disconnect();
      latest.current.chart?.destroy();
      latest.current.chart = undefined;
    };
  }, [isVisible, theme, labels, isTime, isLogarithmic, smoothing, cursorKey, xLabel]);
  React.useEffect(() => latest.current.chart?.update(series), [series]);

  return (
    <figure className="jp-Strata-chart">
      <figcaption className="jp-Strata-row">
        <strong>{title}</strong>
        <span className="jp-Strata-spring" />
        <label className="jp-Strata-toggle">
          <input type="checkbox" checked={isLogarithmic} onChange={event => setLogarithmic(event.target.checked)} /> {texts.__('Log scale')}
        </label>
        <label className="jp-Strata-toggle">
          {texts.__('Smoothing')}
          <input type="range" min={0} max={mostSmoothing} step={smoothingStep} value={smoothing} onChange={event => setSmoothing(Number(event.target.value))} />
        </label>
      </figcaption>
      <div className="jp-Strata-chartBox" ref={box} role="img" aria-label={summary(title, series)} />
    </figure>
  );
}

/** The chart in words: each series with its last value. */
function summary(title: string, series: readonly ChartSeries[]): string {
  return [title, ...series.map(({ label, points }) => `${label} ${points.at(-1)?.y ?? '–'}`)].join(', ');
}

/** Name of Lab's theme; changes redraw what is drawn with colours instead of style sheets. */
function useThemeName(): string {
  const read = (): string => document.body.dataset['jpThemeName'] ?? '';
  const [name, setName] = React.useState(read);
  React.useEffect(() => {
    const observer = new MutationObserver(() => setName(read()));
    observer.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-name'] });
    return () => observer.disconnect();
  }, []);
  return name;
}
