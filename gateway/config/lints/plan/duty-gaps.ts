import type { Text } from '../../../../rules/rule.ts';
import { isSomebody, reachOf } from '../../../response/reach.ts';
import { type DutyGap, type Roster, rosterOf } from '../../../response/roster.ts';
import type { Finding } from '../../finding.ts';
import type { VenueConfig } from '../../schema.ts';
import type { Lint, LintContext } from '../lint.ts';
import { type PlanInUse, placeOf, plansInUse } from './in-use.ts';

const WEEK_MS = 7 * 86_400_000;
const SHOWN_MAX = 7;

const momentText = (atMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).format(atMs);

/** As on the wall of the venue, the first few. */
const gapsText = (gaps: readonly DutyGap[], timeZone: string): Text => {
  const shown = gaps
    .slice(0, SHOWN_MAX)
    .map(({ fromMs, toMs }) => `${momentText(fromMs, timeZone)} – ${momentText(toMs, timeZone)}`);
  const more = gaps.length - shown.length;
  const list = shown.join(', ');
  return more <= 0 ? { zh: list, en: list } : { zh: `${list}，另有 ${more} 段`, en: `${list}, and ${more} more` };
};

const ADVICE: Text = {
  zh: '补上 roster 中的班次，或在 escalate 中写上总能找到的角色',
  en: 'Fill the gap under roster, or name under escalate a role that can always be reached',
};

const gapFinding = (role: string, gaps: readonly DutyGap[], { venue }: VenueConfig): Finding => {
  const { zh, en } = gapsText(gaps, venue.timezone);
  return {
    code: 'duty-gap',
    severity: 'finding',
    path: ['roster', 'shifts'],
    message: {
      zh: `今后 7 天内有时无人值班（角色 ${role}）：${zh}`,
      en: `at times in the next 7 days nobody of role ${role} is on duty: ${en}`,
    },
    advice: ADVICE,
  };
};

const rolesOf = ({ plan }: PlanInUse): readonly string[] => [...new Set(plan.ladder.flatMap(({ notify }) => notify))];

/** The first moment of the week at which the whole ladder finds nobody; gaps of its roles are where to look. */
const deadAt = (roles: readonly string[], { config }: LintContext, roster: Roster, nowMs: number) => {
  const reach = reachOf(config, roster);
  const starts = roles.flatMap((role) => roster.gaps(role, nowMs, nowMs + WEEK_MS)).map(({ fromMs }) => fromMs);
  return starts.toSorted((a, b) => a - b).find((atMs) => !isSomebody(reach.at(roles, atMs)));
};

const deadFinding = (used: PlanInUse, atMs: number, { venue }: VenueConfig): Finding => {
  const at = momentText(atMs, venue.timezone);
  return {
    code: 'nobody-on-duty',
    severity: 'finding',
    path: placeOf(used),
    message: {
      zh: `${at} 起，直到最后一级升级都没有人值班`,
      en: `from ${at} on nobody of the whole ladder is on duty, to its last step`,
    },
    advice: ADVICE,
  };
};

/** Roles that the plan counts on and that at times nobody fills. Of the week that begins now, where that is known. */
export const dutyGaps: Lint = (context) => {
  const { config, nowMs } = context;
  if (nowMs === undefined) return [];
  const roster = rosterOf(config);
  const used = plansInUse(context);
  const roles = new Set(used.flatMap(rolesOf));
  return [
    ...[...roles].flatMap((role) => {
      const gaps = roster.gaps(role, nowMs, nowMs + WEEK_MS);
      return gaps.length === 0 ? [] : [gapFinding(role, gaps, config)];
    }),
    ...used.flatMap((each) => {
      const atMs = deadAt(rolesOf(each), context, roster, nowMs);
      return atMs === undefined ? [] : [deadFinding(each, atMs, config)];
    }),
  ];
};
