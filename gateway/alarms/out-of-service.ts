import type { ConditionVerdict } from '../../rules/engine.ts';
import type { GatewayEvent } from '../events.ts';
import { serviceVerdict } from './health.ts';

/**
 * What is out of service is easily forgotten: once a shift it is an alarm of the gateway, until it is back. Told once all
 * that comes of the event is told, for it is an input of its own: a replay gives it after that.
 */
export const remindOfService =
  (report: (verdict: ConditionVerdict) => void) =>
  (event: GatewayEvent): void => {
    if (!('entry' in event) || event.type === 'service-removed') return;
    queueMicrotask(() => report(serviceVerdict(event.entry, event.type === 'service-reminded', event.atMs)));
  };
