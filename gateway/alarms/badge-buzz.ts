import type { Occurrence } from '../../ingest/model/sample.ts';
import { createOccurrence, stampOfArrival } from '../../ingest/model/stamp.ts';
import type { BadgeRadio, BadgeResult } from '../../ingest/sources/ble/badge-radio.ts';
import { buzzId } from '../../rules/wearer/prealarm.ts';
import type { GatewayEvent } from '../events.ts';
import type { Log } from '../log.ts';

export interface BadgeBuzzOptions {
  /** Tried in turn: a badge may be near one of them only. */
  readonly radios: readonly BadgeRadio[];
  /** The MAC address of a badge that Bluetooth LE reaches; undefined: another way does. */
  macOf(device: string): string | undefined;
  /** The badge has the command: the wearer's word for it, as far as a buzzer has one. */
  onDone(occurrence: Occurrence): void;
  readonly log: Pick<Log, 'warn'>;
  nowMs(): number;
}

const buzz = async (radios: readonly BadgeRadio[], mac: string): Promise<BadgeResult> => {
  let result: BadgeResult = { ok: false, code: 'no-radio', detail: 'no controller connects' };
  for (const radio of radios) {
    result = await radio.buzz(mac, 'high');
    if (result.ok) break;
  }
  return result;
};

/**
 * A pre-alarm buzzes a badge over Bluetooth LE, as it does over MQTT one that listens there. Confirmed by the link itself,
 * under the id of the command: the rule then gives the wearer the whole time.
 */
export const badgeBuzz =
  ({ radios, macOf, onDone, log, nowMs }: BadgeBuzzOptions) =>
  (event: GatewayEvent): void => {
    if (event.type !== 'pre-alarm') return;
    const { device, rule, subject, untilMs } = event;
    const mac = macOf(device);
    if (mac === undefined) return;
    void buzz(radios, mac).then((result) => {
      if (!result.ok) {
        log.warn({ device, mac, code: result.code, detail: result.detail }, 'a badge was not buzzed');
        return;
      }
      const received = { arrivedMs: nowMs(), retained: false };
      const id = buzzId(rule, subject, untilMs);
      onDone(createOccurrence(device, 'done', id, stampOfArrival(received.arrivedMs), received, { id }));
    });
  };

/** Starts them; what comes back ends them. */
export const startRadios = (radios: readonly BadgeRadio[]): (() => Promise<unknown>) => {
  for (const radio of radios) radio.start();
  return () => Promise.all(radios.map((radio) => radio.stop()));
};
