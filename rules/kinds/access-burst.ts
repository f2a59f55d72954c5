import { z } from 'zod';
import { type BurstState, burstPlan, reading, readsPassed, START } from '../access/burst.ts';
import { commonShape, guidanceText, NO_SUBJECTS, param, selects } from '../common.ts';
import type { FreeInput, Guidance } from '../rule.ts';
import { defineRuleKind, GATEWAY_DEVICE, stay } from '../rule.ts';

const count = z.int().min(1).max(1000);
const secondsNumber = z.number().max(604_800);

const moreThanSchema = z
  .strictObject({ yellow: count.optional(), orange: count.optional(), red: count.optional() })
  .refine(({ yellow, orange, red }) => [yellow, orange, red].some((number) => number !== undefined), {
    message: 'give at least one of yellow, orange, red',
  })
  .refine(({ yellow, orange, red }) => {
    const numbers = [yellow, orange, red].filter((number) => number !== undefined);
    return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
  }, 'the numbers must rise: yellow, orange, red');

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('access-burst').describe('many different records read from one address in a short time'),
  moreThan: param(moreThanSchema.default({ orange: 30 }), {
    en: 'more different records than this within the window',
    zh: '时间窗内读取的不同记录多于此数',
    unit: 'records',
    source: 'a choice: who looks people up one at a time opens fewer than thirty in a minute',
  }),
  windowSeconds: param(secondsNumber.min(1).default(60), {
    en: 'the window, which slides',
    zh: '滑动时间窗',
    unit: 'seconds',
    source: 'a choice: see moreThan',
  }),
  holdSeconds: param(secondsNumber.min(0).default(0), {
    en: 'it must have lasted',
    zh: '须持续',
    unit: 'seconds',
    source: 'at once: every second is more records',
  }),
  clearSeconds: param(secondsNumber.min(0).default(300), {
    en: 'it ends after fewer have been read for',
    zh: '回落多久后解除',
    unit: 'seconds',
    source: 'a choice: a reader that pauses is the same reader',
  }),
  deadbandRecords: param(z.int().min(0).max(999).default(5), {
    en: 'how many fewer that must be',
    zh: '须回落的记录数',
    unit: 'records',
    source: 'a choice: a sixth of the default limit',
  }),
  locks: param(z.boolean().default(true), {
    en: 'the accounts that read are locked, in the system that they read from',
    zh: '在被读取的系统中锁定这些账号',
    source: 'reading goes on until somebody stops it',
  }),
  exceptAccounts: param(z.array(z.string().min(1)).max(100).default([]), {
    en: 'accounts that may read as much as they like, and do not count',
    zh: '不计入、可任意读取的账号',
    source: 'none: a backup that reads everything has to be named',
  }),
});

const GUIDANCE: Guidance = {
  consequence: {
    zh: '有人正在从同一地址批量读取人员或票务记录，账号可能被盗用。',
    en: 'Somebody reads records of persons or tickets in bulk from one address: an account may be in wrong hands.',
  },
  action: {
    zh: '请确认该地址上的人员；账号在确认本人后再解锁并更换密码。',
    en: 'Find out who sits at that address; unlock the account only with its owner, and with a new password.',
  },
  owner: { zh: '信息安全负责人', en: 'information security officer' },
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Different records read from one address within a sliding window: in ticketing, doors and personnel systems by their
 * access logs, and in the gateway itself. Its subjects are addresses. It answers by locking the accounts that read.
 */
export const accessBurst = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config, { devices }) => {
    const plan = burstPlan(config);
    const excepted = new Set(config.exceptAccounts);
    const concerns = (id: string): boolean => {
      const device = devices.get(id);
      return id === GATEWAY_DEVICE || (device !== undefined && selects(config.for, device));
    };
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? true,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'own',
      shared: () => true,
      reads: () => false,
      subjects: () => NO_SUBJECTS,
      freeSubject: (input: FreeInput) => {
        if (input.type !== 'occurrence' || input.kind !== 'access' || input.retained || input.historical)
          return undefined;
        const { address, account, recordId } = input.attributes;
        if (typeof address !== 'string' || typeof recordId !== 'string' || excepted.has(textOf(account)))
          return undefined;
        return concerns(input.device) ? address : undefined;
      },
      start: () => START,
      step: (state: BurstState, input, subject) => {
        if (input.type === 'wake') return readsPassed(plan, state, input.nowMs, subject.id);
        if (input.type !== 'occurrence') return stay(state);
        const { recordId, account } = input.attributes;
        // Records of two systems are different ones, whatever their names.
        const record = `${input.device}\n${textOf(recordId)}`;
        const read = { record, account: textOf(account), device: input.device, atMs: input.nowMs };
        return reading(plan, state, read, subject.id);
      },
    };
  },
});
