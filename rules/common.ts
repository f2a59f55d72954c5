import { z } from 'zod';
import type { Device } from '../ingest/model/device.ts';
import type { Guidance, Text } from './rule.ts';
import { SEVERITIES } from './rule.ts';

/** What the catalogue of rules says of a parameter, beside its type and default. */
interface ParamNotes {
  /** What it is, in both languages; without its unit. */
  readonly en: string;
  readonly zh: string;
  /** As in `seconds`, `persons/m²`, `°`. */
  readonly unit?: string;
  /** Where its default comes from: a standard, a paper, a measurement, or why this choice. */
  readonly source?: string;
}

/** A parameter of a rule with its notes; they go into the JSON Schema, from which the catalogue is made. */
export const param = <S extends z.ZodType>(schema: S, { en, ...notes }: ParamNotes): S =>
  schema.meta({ description: notes.unit === undefined ? en : `${en}, ${notes.unit}`, ...notes });

export const textSchema = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

export const severitySchema = z.enum(SEVERITIES);

const ids = (zh: string, en: string) => param(z.array(z.string()).min(1).optional(), { zh, en });

/** Which devices a rule concerns; every list given must match. */
const selectionSchema = z.strictObject({
  devices: ids('设备或胸牌的 id', 'ids of devices or badges'),
  profiles: ids('设备类型', 'profiles of devices'),
  zones: ids('设备所在的区域', 'zones in which the devices are registered'),
  roles: ids('佩戴者的角色', 'roles of wearers'),
});

export type Selection = z.infer<typeof selectionSchema>;

const suppressedBySchema = z.strictObject({
  rule: z.string().describe('id of the rule that is the cause'),
  scope: param(z.enum(['subject', 'zone', 'venue']).default('zone'), {
    en: 'where: for the same device, in the same zone, or anywhere',
    zh: '范围：同一设备、同一区域或整个场馆',
    source: 'this choice: a cause reaches what lies around it',
  }),
});

/** A rule whose alarms are the cause of another's. */
export type SuppressedBy = z.output<typeof suppressedBySchema>;

/** What every rule has, whatever its kind. */
export const commonShape = {
  id: param(z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and hyphens, at most 64'), {
    zh: '规则名称，是报警编号的一部分',
    en: 'name of the rule; part of every alarm id',
  }),
  for: param(selectionSchema.optional(), {
    zh: '规则针对哪些设备；写出的各项须同时满足',
    en: 'which devices the rule concerns; every list given must match',
  }),
  latching: param(z.boolean().optional(), {
    zh: '报警保持到有人确认为止；各类型有各自的默认值',
    en: 'the alarm stays open until somebody acknowledges it; each kind has its own default',
  }),
  guidance: param(textSchema.optional(), {
    zh: '代替该类型自带的处置说明',
    en: 'what to do, instead of the text that comes with the kind',
  }),
  realarmMinutes: param(z.number().positive().max(10_080).optional(), {
    en: 'an alarm that was acknowledged and is not over by then is told again',
    zh: '已接警但届时仍未结束的报警会再次通知',
    unit: 'min',
    source: 'none: OPC UA Part 9 (5.8.2, ReAlarmTime) leaves it to the venue',
  }),
  shelveMaxMinutes: param(z.number().positive().max(1440).default(60), {
    en: 'the longest that an alarm may be shelved',
    zh: '报警最长可搁置的时间',
    unit: 'min',
    source:
      'this choice: ISA-18.2 and OPC UA Part 9 (MaxTimeShelved) want a limit within the shift; an event is shorter than one',
  }),
  suppressedBy: param(z.array(suppressedBySchema).max(16).default([]), {
    en: 'rules whose active alarms are the cause of this one: while one is open, this one is kept and nobody is told',
    zh: '作为本报警原因的规则：其报警持续期间，本报警照常判断和保存，但不通知',
    source: 'none: suppression by design (ISA-18.2, IEC 62682) follows from the design of the venue',
  }),
} as const;

const commonSchema = z.object(commonShape);

export type CommonConfig = z.output<typeof commonSchema>;

export const seconds = (what: string): z.ZodNumber => z.number().min(0).max(604_800).describe(`${what}, seconds`);

/** True where a selection takes the device; no selection takes every device. */
export const selects = (selection: Selection | undefined, device: Device): boolean => {
  if (selection === undefined) return true;
  const { devices, profiles, zones, roles } = selection;
  return (
    (devices === undefined || devices.includes(device.id)) &&
    (profiles === undefined || (device.profile !== undefined && profiles.includes(device.profile))) &&
    (zones === undefined || (device.zone !== undefined && zones.includes(device.zone))) &&
    (roles === undefined || (device.role !== undefined && roles.includes(device.role)))
  );
};

/** `device` or `device/channel`: how a subject that is one device's channel is written. */
export const channelSubject = (device: Device, channel: string): string =>
  channel === '' ? device.id : `${device.id}/${channel}`;

/** Consequence, action and owner as people read them, in both languages; or what the configuration says instead. */
export const guidanceText = (own: Text | undefined, { consequence, action, owner }: Guidance): Text =>
  own ?? {
    zh: `${consequence.zh}${action.zh}负责：${owner.zh}。`,
    en: `${consequence.en} ${action.en} Owner: ${owner.en}.`,
  };

export const NO_SUBJECTS: readonly string[] = [];
