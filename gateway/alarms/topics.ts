import { buzzId } from '../../rules/wearer/prealarm.ts';
import type { GatewayEvent } from '../events.ts';

/** The one thing needed of the broker: queued, published in a later turn. */
export interface Publisher {
  publish(topic: string, payload: string, options: { readonly retain: boolean; readonly qos: 0 | 1 }): void;
}

/**
 * Alarms on MQTT: `muster/<venue>/alarm/<id>` holds the alarm while it is open and is cleared when it closes; a
 * pre-alarm buzzes the badge on `muster/<venue>/down/<device>`.
 */
export const alarmTopics =
  (venueId: string, publisher: Publisher) =>
  (event: GatewayEvent): void => {
    if ('alarm' in event) {
      const payload = event.type === 'closed' ? '' : JSON.stringify(event.alarm);
      publisher.publish(`muster/${venueId}/alarm/${event.alarm.id}`, payload, { retain: true, qos: 1 });
      return;
    }
    if (event.type !== 'pre-alarm') return;
    const { rule, subject, device, untilMs, atMs, kind } = event;
    const command = {
      id: buzzId(rule, subject, untilMs),
      do: 'buzz',
      kind,
      seconds: Math.ceil((untilMs - atMs) / 1000),
    };
    publisher.publish(`muster/${venueId}/down/${device}`, JSON.stringify(command), { retain: false, qos: 1 });
  };
