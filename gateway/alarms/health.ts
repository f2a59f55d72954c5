import { GATEWAY_RULE, type OutOfService } from '../../rules/alarms/alarm.ts';
import type { ConditionVerdict, FaultVerdict } from '../../rules/engine.ts';
import type { Condition, Rule, Text } from '../../rules/rule.ts';
import type { StoreTrouble } from '../store/store.ts';

/** The gateway itself as the rule of its own alarms. */
const GATEWAY: Rule = {
  id: GATEWAY_RULE,
  kind: 'gateway-health',
  latching: true,
  guidance: {
    zh: '网关的一部分保护已失效。请通知系统工程师，并派人现场值守。负责：场馆工程师。',
    en: 'Part of the gateway’s protection has stopped. Tell the system engineer and post somebody on site. Owner: venue engineer.',
  },
  silence: 'own',
  shared: () => true,
  reads: () => false,
  subjects: () => [],
  start: () => ({ phase: 'normal' }),
  step: (state) => ({ state }),
};

/** An alarm of the gateway that calls for something of its own. */
const ACTUATOR_GUIDANCE: Text = {
  zh: '防护措施可能没有执行。立即派人到现场查看，必要时手动操作，并在值班页面记录。负责：当班安保；设备故障通知场馆工程师。',
  en: 'A protective measure may not have been taken. Send somebody to look, do it by hand where needed, and note that in the console. Owner: guard on duty; the venue engineer for the device.',
};

/** The rule of the venue file in place of ours; what is to be done stays that of the verdict, where it has its own. */
export const asOwn = (ofVenue: Rule, { rule }: ConditionVerdict): Rule =>
  rule.guidance.en === GATEWAY.guidance.en ? ofVenue : { ...ofVenue, guidance: rule.guidance };

const verdict = (subject: string, device: string, atMs: number, condition: Condition): ConditionVerdict => ({
  type: 'condition',
  rule: GATEWAY,
  subject,
  device,
  zone: undefined,
  atMs,
  condition,
});

const serious = (code: string, params: Condition['reason']['params']): Condition => ({
  phase: 'active',
  severity: 'orange',
  reason: { code, params },
});

/** A rule that failed is an alarm of the gateway: somebody relies on it. */
export const healthVerdict = ({ rule, subject, atMs }: FaultVerdict): ConditionVerdict =>
  verdict(`${rule.id}:${subject}`, subject, atMs, serious('rule-fault', { rule: rule.id }));

/** How it is with a receiver that has a canary. `zone-deaf`: and no other receiver of its zone hears. */
export interface ReceiverWord {
  readonly name: string;
  readonly zone: string;
  readonly says: 'hears' | 'deaf' | 'zone-deaf';
  /** What people call receiver and zone. */
  readonly names: { readonly receiver: Text; readonly zone: Text };
  /** How long it has not heard its canary. */
  readonly seconds: number;
}

export const RECEIVER_SUBJECT = 'receiver:';

/** A receiver that is deaf is an alarm of the zone in which nobody is heard. */
export const receiverVerdict = ({ name, zone, says, names, seconds }: ReceiverWord, atMs: number): ConditionVerdict => {
  const { receiver, zone: called } = names;
  const params = {
    seconds,
    receiverZh: receiver.zh,
    receiverEn: receiver.en,
    zoneZh: called.zh,
    zoneEn: called.en,
  };
  const condition: Condition =
    says === 'hears'
      ? { phase: 'normal', severity: undefined, reason: { code: 'receiver-hears', params } }
      : {
          phase: 'active',
          severity: says === 'zone-deaf' ? 'orange' : 'yellow',
          value: seconds,
          unit: 's',
          reason: { code: says === 'zone-deaf' ? 'zone-deaf' : 'receiver-deaf', params },
        };
  return { ...verdict(`${RECEIVER_SUBJECT}${name}`, name, atMs, condition), zone };
};

/** A receiver is no longer in the venue file, or has no canary any more. */
export const receiverGone = (name: string, atMs: number): ConditionVerdict =>
  verdict(`${RECEIVER_SUBJECT}${name}`, name, atMs, {
    phase: 'normal',
    severity: undefined,
    reason: { code: 'receiver-gone', params: { receiver: name } },
  });

/** What goes wrong with the store is an alarm too: what is not kept cannot be proven, and a restart would forget it. */
export const storeVerdict = (trouble: StoreTrouble, atMs: number): ConditionVerdict => {
  switch (trouble.type) {
    case 'failing':
      return verdict(
        'store',
        'store',
        atMs,
        serious('store-failing', { code: trouble.code, message: trouble.message }),
      );
    case 'dropping':
      return verdict('store-room', 'store', atMs, serious('store-dropping', {}));
    case 'set-aside':
      return verdict('store-history', 'store', atMs, serious('store-set-aside', { path: trouble.path }));
    case 'recovered':
      return verdict('store', 'store', atMs, {
        phase: 'normal',
        severity: undefined,
        reason: { code: 'store-recovered', params: {} },
      });
  }
};

/** A rule that is out of service yet, or back; its reminder waits for nobody once it is. */
export const serviceVerdict = (entry: OutOfService, isAway: boolean, atMs: number): ConditionVerdict => {
  const { rule, subject, by, why, sinceMs } = entry;
  const what = subject === undefined ? rule : `${rule}:${subject}`;
  const hours = Math.round((atMs - sinceMs) / 3_600_000);
  const condition: Condition = isAway
    ? {
        phase: 'active',
        severity: 'yellow',
        value: hours,
        unit: 'h',
        again: true,
        reason: { code: 'still-out-of-service', params: { rule: what, by, why, hours } },
      }
    : { phase: 'normal', severity: undefined, reason: { code: 'back-in-service', params: { rule: what } } };
  return { ...verdict(`service:${what}`, what, atMs, condition), rule: { ...GATEWAY, latching: false } };
};

/** How it is with what an actuator was told to do. */
export interface ActuatorWord {
  readonly device: string;
  readonly zone: string | undefined;
  /** `overdue`: it has not confirmed; `settled`: it has, or a person has seen to it. */
  readonly says: 'overdue' | 'settled';
  readonly name: Text;
  /** What it was told. */
  readonly command: string;
  /** How long it was waited for. */
  readonly seconds: number;
}

export const ACTUATOR_SUBJECT = 'actuator:';

/** An actuator that does not confirm is an alarm of its own, one for all that it was told. */
export const actuatorVerdict = (word: ActuatorWord, atMs: number): ConditionVerdict => {
  const { device, zone, says, name, command, seconds } = word;
  const reason = { code: `actuator-${says}`, params: { nameZh: name.zh, nameEn: name.en, command, seconds } };
  const condition: Condition =
    says === 'overdue'
      ? { phase: 'active', severity: 'orange', value: seconds, unit: 's', reason }
      : { phase: 'normal', severity: undefined, reason };
  const made = verdict(`${ACTUATOR_SUBJECT}${device}`, device, atMs, condition);
  return { ...made, zone, rule: { ...GATEWAY, guidance: ACTUATOR_GUIDANCE } };
};

/** How it is with a source that keeps something open. */
export interface SourceWord {
  readonly id: string;
  /** `gone`: it is no longer in the venue file. */
  readonly says: 'heard' | 'lost' | 'silent' | 'gone';
  /** How long it has been so. */
  readonly seconds: number;
  /** What it says of it itself. */
  readonly trouble: Text;
}

export const SOURCE_SUBJECT = 'source:';

/** A source that is lost takes all its devices with it: one alarm says so, and says why. */
export const sourceVerdict = ({ id, says, seconds, trouble }: SourceWord, atMs: number): ConditionVerdict => {
  const reason = { code: `source-${says}`, params: { source: id, seconds, zh: trouble.zh, en: trouble.en } };
  return verdict(
    `${SOURCE_SUBJECT}${id}`,
    id,
    atMs,
    says === 'lost' || says === 'silent'
      ? { phase: 'active', severity: 'yellow', value: seconds, unit: 's', reason }
      : { phase: 'normal', severity: undefined, reason },
  );
};
