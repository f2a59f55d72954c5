import type { JSX } from 'preact';
import type { DeviceStatus } from '../../../gateway/api/contract.ts';
import { type ConsoleContext, useConsole } from '../console-context.ts';
import { UnknownIcon } from '../frame/icons.tsx';
import { isOverdue, type Reading, readingsOf, stateNow } from '../state/devices.ts';
import { ageText, clockText, metricText, valueText } from '../texts/spoken.ts';
import { Adopt } from './adopt.tsx';

/** So many values fit a row; the trend offers all. */
const READINGS_SHOWN = 4;

const Value = ({ device, reading }: { readonly device: DeviceStatus; readonly reading: Reading }): JSX.Element => {
  const context = useConsole();
  const { speech, live, commands } = context;
  const { channel, metric, value, unit, stale, at } = reading;
  const name = channel === '' ? metricText(speech, metric) : `${metricText(speech, metric)} ${channel}`;
  const text = valueText(speech, metric, value, unit);
  const old = !live || isOverdue(stale, at, context);
  const label = (
    <>
      <span class="value-figure">{text}</span>
      <span class="value-name">{name}</span>
    </>
  );
  if (!device.registered) return <span class="value uncertain">{label}</span>;
  return (
    <button
      type="button"
      class={`value ${old ? 'uncertain' : ''}`}
      data-metric={metric}
      data-stale={old}
      title={speech.say('devices.openTrend', { device: speech.pick(device.name) })}
      onClick={() => commands.showTrend({ device: device.id, channel, metric })}
    >
      {label}
    </button>
  );
};

const Seen = ({ device }: { readonly device: DeviceStatus }): JSX.Element => {
  const context = useConsole();
  const { speech, live, serverMs, timezone } = context;
  const { lastSeenAt } = device;
  const state = stateNow(device, context);
  if (lastSeenAt === undefined) {
    return (
      <span class="seen seen-old">
        <UnknownIcon />
        {speech.say('devices.never')}
      </span>
    );
  }
  const seenMs = Date.parse(lastSeenAt);
  if (!live || state !== 'live') {
    return (
      <span class="seen seen-old">
        <UnknownIcon />
        {speech.say('devices.noDataSince', { clock: clockText(seenMs, timezone) })}
      </span>
    );
  }
  return <span class="seen">{speech.say('devices.ago', { age: ageText(speech, serverMs - seenMs) })}</span>;
};

/** Where a badge is: now, or where it was last heard. */
const whereText = (device: DeviceStatus, { speech, nameOf, timezone }: ConsoleContext): string => {
  const { zone, rssiDbm, notHeardSince } = device;
  if (zone === undefined) return '';
  const name = nameOf(zone);
  if (notHeardSince !== undefined) {
    return speech.say('devices.wasIn', { zone: name, clock: clockText(Date.parse(notHeardSince), timezone) });
  }
  return device.zoneSince === undefined || rssiDbm === undefined ? name : `${name} ${rssiDbm} dBm`;
};

export const DeviceRow = ({ device }: { readonly device: DeviceStatus }): JSX.Element => {
  const context = useConsole();
  const { speech, live } = context;
  const { id, name, registered, address } = device;
  const state = live ? stateNow(device, context) : 'stale';
  const shown = speech.pick(name);
  return (
    <div class={`device device-${state}`} data-device={id} data-state={state}>
      <div class="device-what">
        <strong>{shown}</strong>
        <span class="muted">
          {registered ? [shown === id ? '' : id, whereText(device, context)].filter(Boolean).join(' · ') : null}
          {registered ? null : (
            <span class="chip chip-discovered" title={speech.say('devices.address', { address: address ?? id })}>
              {speech.say('devices.unregistered')} {address}
            </span>
          )}
        </span>
      </div>
      <Seen device={device} />
      <div class="device-values">
        {registered || address === undefined ? null : <Adopt address={address} />}
        {readingsOf(device)
          .slice(0, READINGS_SHOWN)
          .map((reading) => (
            <Value key={`${reading.channel} ${reading.metric}`} device={device} reading={reading} />
          ))}
      </div>
    </div>
  );
};
