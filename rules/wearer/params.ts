import { z } from 'zod';
import { param } from '../common.ts';
import type { Timing } from './two-stage.ts';

const seconds = z.number().min(0).max(604_800);

/** A duration with its notes. */
export const secondsParam = (
  byDefault: number,
  notes: { readonly en: string; readonly zh: string; readonly source?: string },
) => param(seconds.default(byDefault), { ...notes, unit: 's' });

/** Settings of the pre-alarm; the same in all rules that ask a wearer. */
export const confirmSeconds = (byDefault: number, source: string) =>
  secondsParam(byDefault, {
    en: 'a buzz that is not confirmed within this raises at once; 0: the countdown always runs to its end',
    zh: '蜂鸣在此时间内未得到胸牌确认即报警；0：始终等到倒计时结束',
    source,
  });

export const CONFIRM_SOURCE = 'a command over Bluetooth LE or MQTT is answered within 1-2 s; longer only costs time';

export const cancelledSeconds = () =>
  secondsParam(300, {
    en: 'how long a cancelled alarm is not judged again while the wearer stays as they are',
    zh: '取消后，若佩戴者保持原状，多久内不再判断',
    source: 'long enough for somebody who works lying down, short enough for one who has pressed by mistake',
  });

export const normalSeconds = () =>
  secondsParam(2, {
    en: 'normal-status delay: how long the condition must be gone before the time starts anew',
    zh: '恢复延时：状态消失多久后重新计时',
    source: 'Aastra 610d: the delay restarts if the condition is gone for 2 s; TWIG: normal-status delay',
  });

export const preAlarmNormalSeconds = (byDefault: number) =>
  secondsParam(byDefault, {
    en: 'how long the condition must be gone before a pre-alarm ends',
    zh: '预警期间状态消失多久后结束预警',
    source: 'Aastra 610d: a pre-alarm ends after 4 s (2 s for stillness)',
  });

export const vehicleKmh = () =>
  param(z.number().min(0).max(300).default(25), {
    en: 'nobody is judged to have fallen from this speed on; 0: speed does not matter',
    zh: '达到此速度视为乘车，不判断跌倒；0：不考虑速度',
    unit: 'km/h',
    source: 'Blackline: pending alarms are acknowledged by themselves above 20-30 km/h',
  });

/** Times of the two-stage alarm in seconds, as configured. */
export interface Durations {
  readonly delaySeconds: number;
  readonly preAlarmSeconds: number;
  readonly confirmSeconds: number;
  readonly normalSeconds: number;
  readonly preAlarmNormalSeconds: number;
  readonly clearSeconds: number;
  readonly cancelledSeconds: number;
}

export const timingOf = (durations: Durations): Timing => ({
  delayMs: durations.delaySeconds * 1000,
  preAlarmMs: durations.preAlarmSeconds * 1000,
  confirmMs: durations.confirmSeconds * 1000,
  normalMs: durations.normalSeconds * 1000,
  preAlarmNormalMs: durations.preAlarmNormalSeconds * 1000,
  clearMs: durations.clearSeconds * 1000,
  cancelledMs: durations.cancelledSeconds * 1000,
});

/** What a rule holds somebody to: the figures of their role, or those of all; `stand` where nobody wears it. */
export const byRole = <L>(all: L, roles: ReadonlyMap<string, L>, stand: L = all) =>
  roles.size === 0
    ? (role: string | undefined): L => (role === undefined ? stand : all)
    : (role: string | undefined): L => (role === undefined ? stand : (roles.get(role) ?? all));
