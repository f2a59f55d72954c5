import type { Metrics } from '../../model/metrics.ts';
import type { DecodeFailure } from '../../model/sample.ts';
import { hasMetrics } from '../findings.ts';
import { HISTORY, readingOfHistory } from './milesight-history.ts';
import { fieldAt, type Reader } from './milesight-table.ts';

/** Values of one moment and channel. */
export interface MilesightReading {
  readonly channel: string;
  /** The device's own stamp, Unix milliseconds; undefined: it gave none. */
  readonly timeMs: number | undefined;
  /** Kept by the device while it had no connection. */
  readonly isHistory: boolean;
  readonly metrics: Metrics;
}

const channelReader = (failures: DecodeFailure[]) => {
  const channels = new Map<string, Metrics>();
  const reader: Reader = {
    timeMs: undefined,
    failures,
    at: (channel) => {
      const known = channels.get(channel);
      if (known !== undefined) return known;
      const metrics: Metrics = {};
      channels.set(channel, metrics);
      return metrics;
    },
  };
  return { channels, reader };
};

const unknown = (view: DataView, at: number): DecodeFailure => {
  const hex = view.getUint16(at).toString(16).padStart(4, '0');
  return { code: 'unknown-name', where: `bytes[${at}]`, expected: `a channel and type of Milesight, not ${hex}` };
};

const tooShort = (at: number, length: number): DecodeFailure => ({
  code: 'wrong-length',
  where: `bytes[${at}]`,
  expected: `${length} bytes of data`,
});

/** Answers to settings: what follows has no length of its own, and no measurement in it. */
const isAnswer = (channel: number): boolean =>
  channel === 0xfe || channel === 0xff || channel === 0xf8 || channel === 0xf9;

/**
 * The uplink of a Milesight sensor: records of channel, type and data, one after the other. A record that is unknown or
 * cut off ends the reading, for nobody knows where the next one begins; what came before it stands.
 * Source: Milesight-IoT/SensorDecoders, README of each model, "Telemetry".
 * @param model free text that may name the model: what a device kept while offline has a layout of its own in each
 */
export const readMilesight = (
  bytes: Uint8Array,
  model: string,
  failures: DecodeFailure[],
): readonly MilesightReading[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { channels, reader } = channelReader(failures);
  const kept: MilesightReading[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 2 > bytes.length) {
      failures.push(tooShort(at, 2));
      break;
    }
    const key = view.getUint16(at);
    const isHistory = key === HISTORY;
    const field = isHistory ? readingOfHistory(view, at + 2, model) : fieldAt(key, view, at + 2);
    if (field === undefined) {
      if (!isAnswer(key >> 8)) failures.push(unknown(view, at));
      break;
    }
    if (at + 2 + field.length > bytes.length) {
      failures.push(tooShort(at + 2, field.length));
      break;
    }
    if (isHistory) {
      const then = channelReader(failures);
      field.take?.(then.reader, view, at + 2);
      for (const [channel, metrics] of then.channels) {
        if (hasMetrics(metrics)) kept.push({ channel, timeMs: then.reader.timeMs, isHistory: true, metrics });
      }
    } else field.take?.(reader, view, at + 2);
    at += 2 + field.length;
  }
  const live = [...channels].filter(([, metrics]) => hasMetrics(metrics));
  return [
    ...live.map(([channel, metrics]) => ({ channel, timeMs: reader.timeMs, isHistory: false, metrics })),
    ...kept,
  ];
};
