import { z } from 'zod';
import type { Alarm, AlarmEventType } from '../../../rules/alarms/alarm.ts';
import { alertmanager } from './alertmanager.ts';
import type { Courier } from './kind.ts';
import { ntfy } from './ntfy.ts';
import { webhook } from './webhook.ts';
import { wecom } from './wecom.ts';

/** Every kind of notifier: a new one costs its file and the lines that the compiler asks for here. */
export const notifierSchema = z.discriminatedUnion('kind', [
  webhook.schema,
  wecom.schema,
  ntfy.schema,
  alertmanager.schema,
]);

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** An entry of `notifiers`, with all defaults filled in. */
export type NotifierConfig = DeepReadonly<z.output<typeof notifierSchema>>;

/** What a channel needs of its kind. */
export interface NotifierWay {
  readonly tells: ReadonlySet<AlarmEventType>;
  readonly byPerson: boolean;
  readonly requests: number;
  /** @throws CredentialError */
  courier(): Courier;
}

export const wayOf = (config: NotifierConfig): NotifierWay => {
  switch (config.kind) {
    case 'webhook':
      return { ...webhook, courier: () => webhook.courier(config) };
    case 'wecom':
      return { ...wecom, courier: () => wecom.courier({ ...config, mention: [...config.mention] }) };
    case 'ntfy':
      return { ...ntfy, courier: () => ntfy.courier(config) };
    case 'alertmanager':
      return { ...alertmanager, courier: () => alertmanager.courier(config) };
  }
};

/**
 * When an open alarm is told again, milliseconds; undefined: it is not. People are told until somebody acknowledges, by
 * the plan; Alertmanager takes for over what it does not hear of again.
 */
export const repeatMs = (config: NotifierConfig, alarm: Alarm, planMs: number | undefined): number | undefined => {
  if (config.kind === 'alertmanager') return alarm.condition === 'cleared' ? undefined : config.resendSeconds * 1000;
  return alarm.human === 'unacknowledged' ? planMs : undefined;
};
