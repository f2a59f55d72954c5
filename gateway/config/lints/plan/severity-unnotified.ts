import type { RuleConfig } from '../../../../rules/kinds/index.ts';
import { rateLimits } from '../../../../rules/kinds/rate-of-change.ts';
import type { Severity } from '../../../../rules/rule.ts';
import { SEVERITIES } from '../../../../rules/rule.ts';
import { severitiesIn } from '../../../../rules/signal/scale-schema.ts';
import { plansOf } from '../../../response/plan.ts';
import type { Finding } from '../../finding.ts';
import { planEntries } from '../../plan-entries.ts';
import type { Lint, LintContext } from '../lint.ts';

/** Severities that a rule can raise. */
export const severitiesOf = (config: RuleConfig): readonly Severity[] => {
  switch (config.kind) {
    case 'crowd-density':
    case 'overcurrent':
      return ['yellow', 'orange', 'red'];
    case 'access-burst':
      return (['yellow', 'orange', 'red'] as const).filter((severity) => config.moreThan[severity] !== undefined);
    case 'gateway-health':
      return ['yellow', 'orange'];
    case 'incident-class':
      return (['yellow', 'orange', 'red'] as const).filter(
        (severity) => (config.zones[severity] ?? config.alarms[severity]) !== undefined,
      );
    case 'phase-imbalance':
      return ['yellow', 'orange'];
    case 'sos':
      return ['orange', 'red'];
    case 'silent':
      return [config.severity, config.occupiedSeverity];
    case 'threshold':
      return SEVERITIES.filter((severity) => (config.above?.[severity] ?? config.below?.[severity]) !== undefined);
    case 'tilt':
    case 'stillness':
    case 'geofence':
    case 'object-left':
    case 'man-down':
      return [config.severity];
    case 'missed-check-in':
      return [config.severity, config.escalatedSeverity];
    case 'on-duty-too-long':
      return severitiesIn(config.hours);
    case 'battery-low':
      return severitiesIn(config.percent);
    case 'heat-index':
      return severitiesIn(config.celsius);
    case 'rate-of-change':
      return severitiesIn(rateLimits(config));
  }
};

const NO_PLAN: Finding = {
  code: 'no-plan',
  severity: 'note',
  path: [],
  message: {
    zh: '没有响应预案（plan）：报警只会发布，没有人会被通知',
    en: 'there is no response plan: alarms are published, and nobody is notified',
  },
  advice: { zh: '派人值守报警页面', en: 'Have somebody watch the alarms' },
};

const unnotified = (severity: Severity, rules: readonly string[]): Finding => ({
  code: 'severity-unnotified',
  severity: 'finding',
  path: ['plan', severity],
  message: {
    zh: `没有人会收到 ${severity} 级报警的通知（规则 ${rules.join(', ')}）`,
    en: `nobody is notified of severity ${severity} (rules ${rules.join(', ')})`,
  },
  advice: { zh: `在 plan.${severity}.notify 中写上角色`, en: `Name a role under plan.${severity}.notify` },
});

/** A plan with holes; without any plan there is one note instead. */
export const severityUnnotified: Lint = ({ config, rules }: LintContext) => {
  if (rules.length === 0) return [];
  if (planEntries(config).length === 0) return [NO_PLAN];
  const plans = plansOf(config);
  return SEVERITIES.flatMap((severity) => {
    const raising = rules
      .map((rule) => rule.config)
      .filter((rule) => severitiesOf(rule).includes(severity))
      .filter(({ id, kind }) => (plans.of({ rule: id, kind, severity }).ladder[0]?.notify ?? []).length === 0);
    return raising.length === 0
      ? []
      : [
          unnotified(
            severity,
            raising.map(({ id }) => id),
          ),
        ];
  });
};
