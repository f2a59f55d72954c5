import type { ConditionVerdict, FaultVerdict } from '../../rules/engine.ts';
import type { Rule } from '../../rules/rule.ts';

/** The gateway itself as the rule of its own alarms. */
const GATEWAY: Rule = {
  id: 'gateway',
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

/** A rule that failed is an alarm of the gateway: somebody relies on it. */
export const healthVerdict = ({ rule, subject, atMs }: FaultVerdict): ConditionVerdict => ({
  type: 'condition',
  rule: GATEWAY,
  subject: `${rule.id}:${subject}`,
  device: subject,
  zone: undefined,
  atMs,
  condition: { phase: 'active', severity: 'orange', reason: { code: 'rule-fault', params: { rule: rule.id } } },
});
