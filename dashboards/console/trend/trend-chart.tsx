import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DeviceStatus, Threshold } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import { readingsOf } from '../state/devices.ts';
import type { TrendChoice } from '../state/state.ts';
import { ageText, clockText, metricText, valueText } from '../texts/spoken.ts';
import { type Chart, createChart } from './chart.ts';
import { columnsOf, gapMs, type Point, RANGES, type Range, spanOf, withLive } from './series.ts';
import type { Kept } from './use-history.ts';

export interface TrendChartProps {
  readonly choice: TrendChoice;
  readonly device: DeviceStatus;
  readonly range: Range;
  readonly kept: Kept & { readonly phase: 'read' };
  readonly theme: string;
}

/** History, and every value that has come since. */
const useLivePoints = ({ choice, device, range, kept }: TrendChartProps, serverMs: number): readonly Point[] => {
  const [points, setPoints] = useState(kept.points);
  useEffect(() => setPoints(kept.points), [kept]);
  const latest = readingsOf(device).find(
    ({ channel, metric }) => channel === choice.channel && metric === choice.metric,
  );
  const at = latest?.at;
  const value = latest?.value;
  // A new value comes with a new time.
  useEffect(() => {
    if (at === undefined || value === undefined) return;
    setPoints((before) => withLive(before, Date.parse(at), value, serverMs - RANGES[range].ms));
  }, [at, kept]);
  return points;
};

/** Redrawn with every point and every tick; made anew where colours, texts or limits change. */
export const TrendChart = (props: TrendChartProps): JSX.Element => {
  const { choice, device, range, kept, theme } = props;
  const { speech, serverMs, timezone } = useConsole();
  const { unit, thresholds } = kept;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | undefined>(undefined);
  const points = useLivePoints(props, serverMs);
  const stepSeconds = RANGES[range].stepSeconds;
  const columns = useMemo(
    () => columnsOf(points, gapMs(device.reports, stepSeconds)),
    [points, device.reports, stepSeconds],
  );

  // Colours come from the theme.
  useEffect(() => {
    if (box.current === null) return undefined;
    const limitText = ({ severity, limit }: Threshold): string =>
      speech.say('trend.limit', {
        severity: speech.say(`severity.${severity}Short`),
        value: valueText(speech, choice.metric, limit, unit),
      });
    chart.current = createChart(box.current, {
      limits: thresholds,
      timeText: (ms) => clockText(ms, timezone, range === '15m'),
      valueText: (value) => valueText(speech, choice.metric, value, ''),
      limitText,
    });
    return () => chart.current?.destroy();
  }, [speech, timezone, thresholds, unit, choice.metric, range, theme]);

  useEffect(() => {
    chart.current?.draw(columns, [serverMs - RANGES[range].ms, serverMs], spanOf(points, thresholds));
  }, [columns, points, serverMs, range, thresholds, theme, speech]);

  const last = points.at(-1);
  const latest =
    last === undefined
      ? speech.say('trend.empty')
      : speech.say('trend.latest', {
          value: valueText(speech, choice.metric, last[2], unit),
          age: ageText(speech, serverMs - last[0]),
        });
  const label = speech.say('trend.chartLabel', {
    device: speech.pick(device.name),
    metric: metricText(speech, choice.metric),
    latest,
  });
  return (
    <figure class="chart-figure">
      <figcaption>
        <span class="chart-latest">{latest}</span>
        {thresholds.length === 0 ? <span class="muted">{speech.say('trend.noLimits')}</span> : null}
      </figcaption>
      <div class="chart" ref={box} role="img" aria-label={label} data-points={points.length} />
    </figure>
  );
};
