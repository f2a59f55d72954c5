import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { DeviceStatus } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import { readingsOf } from '../state/devices.ts';
import type { State, TrendChoice } from '../state/state.ts';
import { metricText } from '../texts/spoken.ts';
import { RANGES, type Range } from './series.ts';
import { TrendChart } from './trend-chart.tsx';
import { useHistory } from './use-history.ts';

/** A list of ten thousand cannot be chosen from; the list of devices leads here from every one of them. */
const OFFERED_MAX = 200;

const offered = (devices: State['devices'], chosen: string | undefined): readonly DeviceStatus[] => {
  const all = [...devices.values()].filter(
    ({ registered, channels }) => registered && Object.keys(channels).length > 0,
  );
  // Fixed sensors before badges: a trend is mostly asked of a place.
  const sorted = all.sort(
    (a, b) => Number(a.role !== undefined) - Number(b.role !== undefined) || a.id.localeCompare(b.id),
  );
  const first = sorted.slice(0, OFFERED_MAX);
  const other = chosen === undefined || first.some(({ id }) => id === chosen) ? undefined : devices.get(chosen);
  return other === undefined ? first : [other, ...first];
};

const seriesKey = ({ channel, metric }: Pick<TrendChoice, 'channel' | 'metric'>): string => `${channel} ${metric}`;

const firstOf = (device: DeviceStatus | undefined): TrendChoice | undefined => {
  const reading = device === undefined ? undefined : readingsOf(device)[0];
  if (device === undefined || reading === undefined) return undefined;
  return { device: device.id, channel: reading.channel, metric: reading.metric };
};

interface PickerProps {
  readonly devices: readonly DeviceStatus[];
  readonly device: DeviceStatus;
  readonly choice: TrendChoice;
  readonly range: Range;
  onRange(range: Range): void;
}

const isRange = (name: string): name is Range => Object.hasOwn(RANGES, name);

const Picker = ({ devices, device, choice, range, onRange }: PickerProps): JSX.Element => {
  const { speech, commands } = useConsole();
  const readings = readingsOf(device);
  const showDevice = (id: string): void => {
    const next = firstOf(devices.find((each) => each.id === id));
    if (next !== undefined) commands.showTrend(next);
  };
  const showSeries = (key: string): void => {
    const reading = readings.find((each) => seriesKey(each) === key);
    if (reading !== undefined)
      commands.showTrend({ device: device.id, channel: reading.channel, metric: reading.metric });
  };
  return (
    <div class="picker">
      <label>
        <span class="for-readers">{speech.say('trend.device')}</span>
        <select value={device.id} data-pick="device" onChange={(event) => showDevice(event.currentTarget.value)}>
          {devices.map((each) => (
            <option key={each.id} value={each.id}>
              {speech.pick(each.name)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="for-readers">{speech.say('trend.metric')}</span>
        <select
          value={seriesKey(choice)}
          data-pick="metric"
          onChange={(event) => showSeries(event.currentTarget.value)}
        >
          {readings.map((reading) => (
            <option key={seriesKey(reading)} value={seriesKey(reading)}>
              {[metricText(speech, reading.metric), reading.channel].filter(Boolean).join(' ')}
            </option>
          ))}
        </select>
      </label>
      <fieldset class="ranges" aria-label={speech.say('trend.range')}>
        {Object.keys(RANGES)
          .filter(isRange)
          .map((each) => (
            <button key={each} type="button" class="filter" aria-pressed={range === each} onClick={() => onRange(each)}>
              {speech.say(`trend.range${each}`)}
            </button>
          ))}
      </fieldset>
    </div>
  );
};

export const Trend = ({ state }: { readonly state: State }): JSX.Element => {
  const { speech, live, serverMs } = useConsole();
  const { devices, trend, serverTime, settings } = state;
  const [range, setRange] = useState<Range>('15m');
  // What is shown where nobody has chosen stays, whichever device reports first next.
  const [fallback, setFallback] = useState<TrendChoice | undefined>(undefined);
  const choices = useMemo(() => offered(devices, trend?.device), [devices, trend]);
  const found = fallback ?? firstOf(choices.find((each) => each.state === 'live') ?? choices[0]);
  useEffect(() => {
    if (fallback === undefined && found !== undefined) setFallback(found);
  }, [fallback, found]);
  const choice = trend ?? found;
  const device = choice === undefined ? undefined : devices.get(choice.device);
  const kept = useHistory(choice, range, live, serverTime === undefined ? undefined : serverMs);
  const body = (): JSX.Element => {
    if (choice === undefined || device === undefined) return <p class="empty">{speech.say('trend.pick')}</p>;
    if (kept.phase === 'loading') return <p class="empty">{speech.say('trend.loading')}</p>;
    const key = `${choice.device} ${seriesKey(choice)} ${range}`;
    return <TrendChart key={key} choice={choice} device={device} range={range} kept={kept} theme={settings.theme} />;
  };
  return (
    <section class="pane pane-trend" id="trend" aria-labelledby="trend-title">
      <div class="pane-head">
        <h2 id="trend-title">{speech.say('trend.title')}</h2>
        {choice === undefined || device === undefined ? null : (
          <Picker devices={choices} device={device} choice={choice} range={range} onRange={setRange} />
        )}
      </div>
      <div class="pane-body">{body()}</div>
    </section>
  );
};
