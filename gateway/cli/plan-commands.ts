import { type Command, Option } from 'commander';
import { SEVERITIES, type Severity } from '../../rules/rule.ts';
import { formatFinding } from '../config/finding.ts';
import { lintPlan } from '../config/lints/index.ts';
import { severitiesOf } from '../config/lints/plan/severity-unnotified.ts';
import { buildRegistry } from '../config/registry.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { Locale } from '../config/sections/venue.ts';
import { plansOf } from '../response/plan.ts';
import { namesOf } from '../response/reach.ts';
import { type Rehearsed, rehearse } from '../response/rehearse.ts';
import { momentsOf, wallText } from '../response/wall-time.ts';
import type { Write } from './check.ts';
import { rehearsalLines } from './rehearsal-text.ts';

interface Flags {
  readonly config: string;
  readonly at?: string;
  readonly rule?: string;
  readonly severity?: Severity;
  readonly json: boolean;
  readonly lang?: Locale;
}

interface PlanProgram {
  readonly out: Write;
  readonly err: Write;
  nowMs(): number;
  localeOf(flags: { readonly lang?: Locale }): Locale;
  readVenue(file: string): VenueConfig;
  exit(code: number): void;
}

const EXIT_NEGATIVE = 1;
const EXIT_USAGE = 2;

const WALL = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})$/;

/** A day that the calendar has, and a time that a clock shows. */
const isOnWall = (date: string, time: string): boolean => {
  const atMs = Date.parse(`${date}T${time}:00.000Z`);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString() === `${date}T${time}:00.000Z`;
};

/** The time on the wall of the venue, or a moment with its offset from UTC; undefined: neither. */
export const momentOf = (text: string, timezone: string): number | undefined => {
  const [, date, hours, minutes] = WALL.exec(text) ?? [];
  if (date !== undefined) {
    const isThere = isOnWall(date, `${hours}:${minutes}`) && Number(date.slice(0, 4)) > 0;
    return isThere ? momentsOf(date, Number(hours) * 60 + Number(minutes), timezone)[0] : undefined;
  }
  const atMs = Date.parse(/(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : '');
  return Number.isNaN(atMs) ? undefined : atMs;
};

/** Every way that an alarm can go: each severity, and each rule for which the plan says something else. */
const casesOf = (config: VenueConfig, { rule: only, severity: one }: Flags): readonly Rehearsed[] => {
  const plans = plansOf(config);
  const severities = SEVERITIES.filter((severity) => one === undefined || severity === one);
  const plain = severities
    .filter(() => only === undefined)
    .map((severity): Rehearsed => ({ severity, rule: undefined }))
    .filter(({ severity }) => one !== undefined || config.plan[severity] !== undefined);
  const ofRules = config.rules.flatMap((rule) => {
    if (only !== undefined && rule.id !== only) return [];
    const { id, kind } = rule;
    return severitiesOf(rule)
      .filter((severity) => severities.includes(severity))
      .filter((severity) => {
        const usual = JSON.stringify(plans.of({ rule: '', kind: '', severity }).from);
        return only !== undefined || JSON.stringify(plans.of({ rule: id, kind, severity }).from) !== usual;
      })
      .map((severity): Rehearsed => ({ severity, rule: { id, kind } }));
  });
  return [...plain, ...ofRules];
};

/** Answers the exit code: 1 where the plan has a dead end. */
const runRehearse = (flags: Flags, program: PlanProgram): number => {
  const config = program.readVenue(flags.config);
  const { timezone } = config.venue;
  if (flags.rule !== undefined && !config.rules.some(({ id }) => id === flags.rule)) {
    program.err(`no such rule / 没有此规则: ${flags.rule}\n`);
    return EXIT_USAGE;
  }
  const atMs = flags.at === undefined ? program.nowMs() : momentOf(flags.at, timezone);
  if (atMs === undefined) {
    program.err(
      `--at ${flags.at}: 应为场馆当地时间（如 2026-05-01T20:00），或带时区偏移的时间 / ` +
        'expected a time at the venue, as in 2026-05-01T20:00, or one with its offset\n',
    );
    return EXIT_USAGE;
  }
  const locale = program.localeOf(flags);
  const language = locale === 'zh-CN' ? 'zh' : 'en';
  const name = namesOf(config, buildRegistry(config).nameOf);
  const rehearsals = casesOf(config, flags).map((each) => rehearse(config, name, each, atMs));
  const deadEnds = lintPlan(config, atMs).filter(({ severity }) => severity !== 'note');
  if (flags.json) {
    const answer = { at: new Date(atMs).toISOString(), timezone, rehearsals, deadEnds };
    program.out(`${JSON.stringify(answer, null, 2)}\n`);
  } else {
    program.out(`${wallText(atMs, timezone)} (${timezone})\n\n`);
    for (const each of rehearsals) program.out(`${rehearsalLines(each, language).join('\n')}\n`);
    for (const finding of deadEnds) program.out(`${formatFinding(finding, locale, flags.config)}\n`);
    program.out(language === 'zh' ? `死路：${deadEnds.length} 处\n` : `dead ends: ${deadEnds.length}\n`);
  }
  return deadEnds.length === 0 ? 0 : EXIT_NEGATIVE;
};

/** `muster plan rehearse` */
export const addPlanCommands = (parent: Command, program: PlanProgram): void => {
  parent
    .command('plan')
    .description('the response plan')
    .command('rehearse')
    .description('who would hear what, when and by which channel; exits 1 where the plan has a dead end')
    .requiredOption('-c, --config <file>', 'venue.yaml')
    .option('--at <time>', 'at that time, as in 2026-05-01T20:00 at the venue; now, where absent')
    .option('--rule <id>', 'alarms of this rule alone')
    .addOption(new Option('--severity <severity>', 'alarms of this severity alone').choices([...SEVERITIES]))
    .option('--json', 'print it as one JSON object', false)
    .addOption(new Option('--lang <language>', 'language of the output').choices(['zh-CN', 'en']))
    .action((flags: Flags) => program.exit(runRehearse(flags, program)));
};
