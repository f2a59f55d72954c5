import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { DeviceStatus, Threshold } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import { type Reading, readingsOf } from '../state/devices.ts';
import type { TrendChoice } from '../state/state.ts';
import { ageText, clockText, metricText, valueText } from '../texts/spoken.ts';
import { type Chart, type ChartOptions, createChart } from './chart.ts';
import { columnsOf, gapMs, type Point, RANGES, type Range, spanOf } from './series.ts';
import type { Kept } from './use-history.ts';
import { useLivePoints } from './use-live-points.ts';

export interface TrendChartProps {
  readonly choice: TrendChoice;
  readonly device: DeviceStatus;
  readonly range: Range;
  readonly kept: Kept & { readonly phase: 'read' };
  readonly theme: string;
}

interface Drawn {
  readonly points: readonly Point[];
  readonly unit: string;
}

/** Redrawn with every point and every tick; made anew where colours, texts or limits change. */
const useChart = ({ choice, device, range, kept, theme }: TrendChartProps, { points, unit }: Drawn) => {
  const { speech, serverMs, timezone } = useConsole();
  const { thresholds } = kept;
  const { metric } = choice;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | undefined>(undefined);
  const { ms, stepSeconds } = RANGES[range];
  const columns = useMemo(() => columnsOf(points, gapMs(device.reports, stepSeconds)), [points]);

  // Colours come from the theme.
  useEffect(() => {
    if (box.current === null) return undefined;
    const options: ChartOptions = {
      limits: thresholds,
      timeText: (timeMs) => clockText(timeMs, timezone, range === '15m'),
      valueText: (value) => valueText(speech, metric, value, ''),
      limitText: ({ severity, limit }: Threshold) =>
        speech.say('trend.limit', {
          severity: speech.say(`severity.${severity}Short`),
          value: valueText(speech, metric, limit, unit),
        }),
    };
    chart.current = createChart(box.current, options);
    return () => chart.current?.destroy();
  }, [speech, timezone, thresholds, theme]);

  useEffect(() => {
    chart.current?.draw(columns, [serverMs - ms, serverMs], spanOf(points, thresholds));
  }, [speech, timezone, thresholds, theme, columns, serverMs]);
  return box;
};

const Notes = ({ thresholds, problem }: TrendChartProps['kept']): JSX.Element | null => {
  const { speech } = useConsole();
  if (problem !== undefined) {
    return <span class="problem">{speech.say('trend.failed', { detail: speech.pick(problem) })}</span>;
  }
  return thresholds.length > 0 ? null : <span class="muted">{speech.say('trend.noLimits')}</span>;
};

const isOf =
  ({ channel, metric }: TrendChoice) =>
  (reading: Reading): boolean =>
    reading.channel === channel && reading.metric === metric;

export const TrendChart = (props: TrendChartProps): JSX.Element => {
  const { choice, device, range, kept } = props;
  const { speech, serverMs } = useConsole();
  const reading = readingsOf(device).find(isOf(choice));
  const unit = reading?.unit ?? '';
  const points = useLivePoints(kept.points, reading, serverMs - RANGES[range].ms);
  const box = useChart(props, { points, unit });
  const last = points.at(-1);
  const value = last === undefined ? '' : valueText(speech, choice.metric, last[2], unit);
  const latest =
    last === undefined
      ? speech.say('trend.empty')
      : speech.say('trend.latest', { value, age: ageText(speech, serverMs - last[0]) });
  const names = { device: speech.pick(device.name), metric: metricText(speech, choice.metric) };
  return (
    <figure class="chart-figure">
      <figcaption>
        <span class="chart-latest">{latest}</span>
        <Notes {...kept} />
      </figcaption>
      <div
        class="chart"
        ref={box}
        role="img"
        aria-label={speech.say('trend.chartLabel', { ...names, latest })}
        data-points={points.length}
      />
    </figure>
  );
};
