import uPlot from 'uplot';
import type { Threshold } from '../../../gateway/api/contract.ts';
import type { Columns } from './series.ts';

export interface ChartOptions {
  readonly limits: readonly Threshold[];
  /** Time of day at the venue. */
  timeText(ms: number): string;
  valueText(value: number): string;
  limitText(limit: Threshold): string;
}

export interface Chart {
  /** Draws columns between two times (Unix milliseconds) and two values. */
  draw(columns: Columns, x: readonly [fromMs: number, toMs: number], y: readonly [min: number, max: number]): void;
  destroy(): void;
}

const MIN_HEIGHT_PX = 110;
const TIME_AXIS_PX = 34;
const VALUE_AXIS_PX = 56;
const LABEL_FONT_PX = 11;
/** Told apart without colour as well: the graver, the more solid. */
const DASHES: Readonly<Record<Threshold['severity'], readonly number[]>> = {
  red: [],
  orange: [10, 4],
  yellow: [5, 5],
  blue: [2, 5],
};

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const drawLimits = (plot: uPlot, { limits, limitText }: ChartOptions): void => {
  const { ctx, bbox } = plot;
  const dpr = devicePixelRatio;
  ctx.save();
  ctx.font = `600 ${LABEL_FONT_PX * dpr}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  for (const limit of limits) {
    const y = plot.valToPos(limit.limit, 'y', true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.strokeStyle = colour(`line-${limit.severity}`);
    ctx.fillStyle = ctx.strokeStyle;
    ctx.lineWidth = 1.5 * dpr;
    ctx.setLineDash(DASHES[limit.severity].map((px) => px * dpr));
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(limitText(limit), bbox.left + 6 * dpr, y - 2 * dpr);
  }
  ctx.restore();
};

const seriesOptions = (): uPlot.Series[] => {
  const line = colour('line');
  return [
    {},
    { stroke: 'transparent', points: { show: false }, spanGaps: false },
    { stroke: line, width: 2, points: { size: 5 }, spanGaps: false },
    { stroke: 'transparent', points: { show: false }, spanGaps: false },
  ];
};

const axesOptions = ({ timeText, valueText }: ChartOptions): uPlot.Axis[] => {
  const stroke = colour('text-muted');
  const grid = { stroke: colour('grid'), width: 1 };
  return [
    {
      stroke,
      grid,
      ticks: grid,
      size: TIME_AXIS_PX,
      values: (_, splits) => splits.map((seconds) => timeText(seconds * 1000)),
    },
    { stroke, grid, ticks: grid, size: VALUE_AXIS_PX, values: (_, splits) => splits.map(valueText) },
  ];
};

/** A uPlot in `element`, as wide and high as it. */
export const createChart = (element: HTMLElement, options: ChartOptions): Chart => {
  let x: readonly [number, number] = [0, 1];
  let y: readonly [number, number] = [0, 1];
  const plot = new uPlot(
    {
      width: Math.max(200, element.clientWidth),
      height: Math.max(MIN_HEIGHT_PX, element.clientHeight),
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: true, range: () => [x[0], x[1]] }, y: { range: () => [y[0], y[1]] } },
      series: seriesOptions(),
      bands: [{ series: [3, 1], fill: colour('line-band') }],
      axes: axesOptions(options),
      hooks: { draw: [(drawn) => drawLimits(drawn, options)] },
    },
    [[], [], [], []],
    element,
  );
  const observer = new ResizeObserver(() => {
    if (element.clientWidth > 0)
      plot.setSize({ width: element.clientWidth, height: Math.max(MIN_HEIGHT_PX, element.clientHeight) });
  });
  observer.observe(element);
  return {
    draw: (columns, [fromMs, toMs], span) => {
      x = [fromMs / 1000, toMs / 1000];
      y = span;
      plot.setData(columns);
    },
    destroy: () => {
      observer.disconnect();
      plot.destroy();
    },
  };
};
