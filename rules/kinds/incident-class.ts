import { z } from 'zod';
import { commonShape, guidanceText, NO_SUBJECTS, param, severitySchema } from '../common.ts';
import { type IncidentState, incidentPlan, START, stepIncident } from '../incident/incident.ts';
import type { Guidance } from '../rule.ts';
import { defineRuleKind } from '../rule.ts';

const KIND = 'incident-class';

const count = z.int().min(1).max(100_000);
const classesSchema = z
  .strictObject({ yellow: count.optional(), orange: count.optional(), red: count.optional() })
  .refine(({ yellow, orange, red }) => {
    const numbers = [yellow, orange, red].filter((number) => number !== undefined);
    return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
  }, 'the numbers must rise: yellow, orange, red');

const secondsNumber = z.number().min(0).max(604_800);

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal(KIND).describe('the class of an incident by how many zones and alarms it affects'),
  zones: param(classesSchema.default({ orange: 2, red: 4 }), {
    en: 'the class from so many affected zones on',
    zh: '受影响区域达到此数即为该级别',
    unit: 'zones',
    source: 'more than three zones are red: emergency plans of Chinese venues; two zones: a choice',
  }),
  alarms: param(classesSchema.default({ orange: 5, red: 10 }), {
    en: 'the class from so many open alarms on',
    zh: '未结束的报警达到此数即为该级别',
    unit: 'alarms',
    source: 'EEMUA 191: ten alarms at once are more than one operator can handle',
  }),
  leastSeverity: param(severitySchema.default('orange'), {
    en: 'alarms of a lower severity do not count',
    zh: '低于此级别的报警不计',
    source: 'a choice: a yellow alarm is not yet an incident',
  }),
  ignoreKinds: param(z.array(z.string()).max(50).default(['gateway-health', 'silent', 'battery-low', 'access-burst']), {
    en: 'alarms of these kinds of rules do not count',
    zh: '这些类型的报警不计',
    source: 'a choice: faults of equipment, not danger to people',
  }),
  holdSeconds: param(secondsNumber.default(0), {
    en: 'so many must have been affected for',
    zh: '须持续多久才判定',
    unit: 'seconds',
    source: 'every alarm that counts has been held by its own rule',
  }),
  clearSeconds: param(secondsNumber.default(60), {
    en: 'a class is left after fewer have been affected for',
    zh: '数量回落多久后降级或解除',
    unit: 'seconds',
    source: 'ISA-18.2 off-delay: an alarm that comes back within a minute belongs to the same incident',
  }),
});

/** What all alarms of the venue feed. */
const VENUE = 'venue';

const GUIDANCE: Guidance = {
  consequence: {
    zh: '事件已影响多个区域，单点处置不够。',
    en: 'The incident affects several places: handling each on the spot is not enough.',
  },
  action: {
    zh: '请按该级别启动应急预案：统一指挥，必要时单向疏导、通知公安并疏散。',
    en: 'Start the emergency plan of this class: one command, one-way flow, police and evacuation where needed.',
  },
  owner: { zh: '活动安全总负责人', en: 'event safety manager' },
};

/**
 * The class of an incident: how many zones, and how many alarms, are affected at the same time. It judges the alarms of
 * all other rules, never those of its own kind; an alarm whose condition is unknown still counts.
 */
export const incidentClass = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config, venue) => {
    const plan = incidentPlan(config, KIND, venue);
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? false,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'own',
      shared: () => true,
      reads: () => false,
      subjects: () => NO_SUBJECTS,
      freeSubject: ({ type }) => (type === 'alarm' ? VENUE : undefined),
      start: () => START,
      step: (state: IncidentState, input) => stepIncident(plan, state, input),
    };
  },
});
