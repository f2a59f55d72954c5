import type { Text } from '../../rules/rule.ts';
import type { Rehearsal, Scene, Told } from '../response/rehearse.ts';
import { LEVEL_TEXT } from '../response/texts.ts';

type Language = keyof Text;

const SEVERITY: Readonly<Record<string, Text>> = {
  blue: { zh: '蓝色', en: 'blue' },
  yellow: { zh: '黄色', en: 'yellow' },
  orange: { zh: '橙色', en: 'orange' },
  red: { zh: '红色', en: 'red' },
};

const WORDS = {
  zh: {
    rule: '规则',
    level: '响应级别',
    ack: '接警时限',
    repeat: '重复通知间隔',
    freezes: '停止作业',
    liftedBy: '解除岗位',
    from: '依据',
    nowhere: '预案中没有',
    group: '岗位（整体）',
    anybody: '该渠道的所有人',
    place: '报警地点的全部作业',
    engineer: '系统工程师',
    flood: '报警泛滥时：第一个立即通知，同区同类的其余合并计数，通知间隔',
    noFlood: '报警泛滥时也逐个通知',
    confirm: '须确认时限',
    due: '时限',
    reminded: '提醒',
  },
  en: {
    rule: 'rule',
    level: 'response',
    ack: 'to be acknowledged within',
    repeat: 'repeated every',
    freezes: 'freezes',
    liftedBy: 'lifted by',
    from: 'by',
    nowhere: 'nothing in the plan',
    group: 'as a group',
    anybody: 'whoever listens there',
    place: 'all work at the place',
    engineer: 'an engineer',
    flood: 'in a flood: the first at once, others of its kind and zone by their number every',
    noFlood: 'in a flood as well: each by itself',
    confirm: 'to be confirmed within',
    due: 'by',
    reminded: 'people are reminded at',
  },
} as const satisfies Record<Language, Readonly<Record<string, string>>>;

const titleOf = (rehearsal: Rehearsal, language: Language): string => {
  const words = WORDS[language];
  const { severity, rule, from, level, ackWithinSeconds, repeatSeconds, freezes, releasedBy } = rehearsal;
  const parts = [
    `${SEVERITY[severity]?.[language] ?? severity}${rule === undefined ? '' : ` · ${words.rule} ${rule.id} (${rule.kind})`}`,
    `${words.from} ${from.join(' > ') || words.nowhere}`,
    ...(level === undefined ? [] : [`${words.level}: ${LEVEL_TEXT[level][language]}`]),
    ...(ackWithinSeconds === undefined ? [] : [`${words.ack} ${ackWithinSeconds} s`]),
    ...(repeatSeconds === undefined ? [] : [`${words.repeat} ${repeatSeconds} s`]),
    ...(freezes === false
      ? []
      : [
          `${words.freezes}: ${freezes === true ? words.place : freezes} (${words.liftedBy} ${releasedBy ?? words.engineer})`,
        ]),
  ];
  return parts.join(' · ');
};

const toldText = ({ channel, kind, address, people, groups }: Told, language: Language): string => {
  const words = WORDS[language];
  const who = [...people.map(({ name }) => name), ...groups.map((role) => `${role} (${words.group})`)].join(', ');
  const where = kind === 'built-in' ? channel : `${channel} (${kind}${address === undefined ? '' : `: ${address}`})`;
  return `${where} → ${who || words.anybody}`;
};

const sceneLines = ({ afterSeconds, decisions, told }: Scene, language: Language): readonly string[] => [
  ...decisions.map(({ reason }, index) => {
    const when = index === 0 ? `+${afterSeconds} s` : '';
    return `  ${when.padEnd(9)} ${reason[language]}`;
  }),
  ...told.map((each) => `            ${toldText(each, language)}`),
];

const floodLine = ({ inFloodEverySeconds: seconds }: Rehearsal, language: Language): string => {
  const { flood, noFlood } = WORDS[language];
  return `  ${seconds === undefined ? noFlood : `${flood} ${seconds} s`}`;
};

const WHEN: Readonly<Record<Rehearsal['commands'][number]['when'], Text>> = {
  raised: { zh: '报警时', en: 'when raised' },
  acknowledged: { zh: '接警时', en: 'when acknowledged' },
  cleared: { zh: '恢复正常时', en: 'when back to normal' },
  closed: { zh: '报警结束时', en: 'when closed' },
};

const measureLines = ({ commands, followUps }: Rehearsal, language: Language): readonly string[] => {
  const words = WORDS[language];
  return [
    ...commands.map(
      ({ name, command, when, confirmWithinSeconds }) =>
        `  ${WHEN[when][language]} → ${name[language]}: ${command} (${words.confirm} ${confirmWithinSeconds} s)`,
    ),
    ...followUps.map(
      ({ what, afterSeconds, remindAfterSeconds }) =>
        `  ${words.due} +${afterSeconds} s  ${what[language]} (${words.reminded} +${remindAfterSeconds} s)`,
    ),
  ];
};

/** Line by line, for people. */
export const rehearsalLines = (rehearsal: Rehearsal, language: Language): readonly string[] => [
  titleOf(rehearsal, language),
  floodLine(rehearsal, language),
  ...rehearsal.scenes.flatMap((scene) => sceneLines(scene, language)),
  ...measureLines(rehearsal, language),
  '',
];
