import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addPlanCommands, momentOf } from '../../../gateway/cli/plan-commands.ts';
import { lintPlan } from '../../../gateway/config/lints/index.ts';
import { formatPath } from '../../../gateway/config/problems/problem.ts';
import type { VenueConfig } from '../../../gateway/config/schema.ts';
import { rehearse } from '../../../gateway/response/rehearse.ts';
import { printer } from '../cli/printer.ts';
import { linesOf } from '../config/fixture.ts';
import { EPOCH, venue } from './stage.ts';

const NOTIFIERS = `notifiers:
  - { kind: ntfy, id: phones, url: "http://x", topic: guards }
  - { kind: webhook, id: hook, url: "http://x", secret: xxxxxxxxxxxxxxxx }`;
const PEOPLE = `people:
  li: { name: 李伟, roles: [guard], addresses: { phones: topic-li } }
  wang: { name: 王芳, roles: [manager] }`;
const STEP = '{ afterSeconds: 30, notify: [manager], channels: [phones] }';
const everywhere = (response: string): string => `plan: { yellow: ${response}, orange: ${response}, red: ${response} }`;
const SOUND = everywhere(`{ notify: [guard], channels: [phones, hook], ackWithinSeconds: 30, escalate: [ ${STEP} ] }`);
const sound = venue(PEOPLE, NOTIFIERS, SOUND);

const DEVICES = 'devices: { sign: { profile: plug }, plug: { profile: plug, address: "zigbee2mqtt:plug" } }';

const deadEnds = (config: VenueConfig, atMs = EPOCH): readonly string[] =>
  lintPlan(config, atMs).map(({ code, path }) => `${code} ${formatPath(path)}`);

test('a rehearsal is the plan itself, to its end', () => {
  const name = (id: string) => ({ zh: id, en: id });
  const { scenes, from } = rehearse(sound, name, { severity: 'red', rule: undefined }, EPOCH);
  expect(from).toEqual(['plan.red']);
  expect(scenes.map(({ afterSeconds, decisions }) => [afterSeconds, ...decisions.map(({ type }) => type)])).toEqual([
    [0, 'told'],
    [30, 'overdue', 'escalated'],
  ]);
  expect(scenes[1]?.told).toEqual([
    { channel: 'phones', kind: 'ntfy', address: 'topic-li', people: [{ id: 'li', name: '李伟' }], groups: [] },
    { channel: 'phones', kind: 'ntfy', people: [{ id: 'wang', name: '王芳' }], groups: [] },
    {
      channel: 'hook',
      kind: 'webhook',
      people: [
        { id: 'li', name: '李伟' },
        { id: 'wang', name: '王芳' },
      ],
      groups: [],
    },
  ]);
});

test('a rehearsal says what becomes of it in a flood', () => {
  const name = (id: string) => ({ zh: id, en: id });
  const of = (severity: 'orange' | 'red', rule?: { id: string; kind: string }) =>
    rehearse(sound, name, { severity, rule }, EPOCH).inFloodEverySeconds;
  expect(of('orange')).toBe(60);
  expect(of('red')).toBeUndefined();
  expect(of('orange', { id: 'help', kind: 'sos' })).toBeUndefined();
});

describe('dead ends', () => {
  test('of a sound plan there are none', () => expect(deadEnds(sound)).toEqual([]));
  test.each([
    ['nobody is told', everywhere('{ channels: [phones] }'), 'severity-unnotified plan.red'],
    [
      'an override takes everybody away',
      `${SOUND.slice(0, -1)}, rules: { help: { red: { notify: [] } } } }`,
      'severity-unnotified plan.red',
    ],
    ['a step tells no one', SOUND.replaceAll('[manager]', '[]'), 'escalation-ends plan.red.escalate[0]'],
    ['nobody after the deadline', SOUND.replaceAll(STEP, ''), 'escalation-ends plan.red.ackWithinSeconds'],
    [
      'the deadline is later than the step',
      SOUND.replaceAll('ackWithinSeconds: 30', 'ackWithinSeconds: 31'),
      'ack-after-escalation plan.red.ackWithinSeconds',
    ],
    [
      'no phone without the internet',
      SOUND.replaceAll('[phones, hook]', '[hook]'),
      'no-offline-channel plan.red.channels',
    ],
    ['nobody is named to lift', SOUND.replace('red: {', 'red: { freezes: true,'), 'release-role plan.red.freezes'],
    [
      'nobody has the role that lifts',
      SOUND.replace('red: {', 'red: { freezes: true, releasedBy: medic,'),
      'release-role plan.red.releasedBy',
    ],
    [
      'an actuator has no word to confirm',
      SOUND.replace('red: {', 'red: { commands: [ { device: sign, do: show }, { device: plug, do: on } ],'),
      'actuator-unconfirmed plan.red.commands[1].device',
    ],
  ])('%s', (_, plan, found) => expect(deadEnds(venue(PEOPLE, NOTIFIERS, DEVICES, plan))).toContain(found));

  const shift = (role: string, from: string, to: string) => `{ role: ${role}, from: "${from}", to: "${to}" }`;
  test('a role with nobody on duty at times: the gaps of the coming week', () => {
    const roster = `roster: { shifts: [ ${shift('guard', '18:00', '02:00')} ] }`;
    const [found, ...others] = lintPlan(venue(PEOPLE, NOTIFIERS, roster, SOUND), EPOCH);
    expect(others).toEqual([]);
    expect(found?.code).toBe('duty-gap');
    // 20:00 on the first of May is within the shift.
    expect(found?.message.en).toMatch(/role guard is on duty: 05-02 02:00 – 05-02 18:00, .*05-08 02:00 – 05-08 18:00$/);
  });
  test('a whole ladder with nobody on duty: from when on', () => {
    const roster = `roster: { shifts: [ ${shift('guard', '18:00', '02:00')}, ${shift('manager', '08:00', '03:00')} ] }`;
    const found = lintPlan(venue(PEOPLE, NOTIFIERS, roster, SOUND), EPOCH).filter(
      ({ code }) => code === 'nobody-on-duty',
    );
    expect(found.map(({ path }) => formatPath(path))).toEqual(['plan.yellow', 'plan.orange', 'plan.red']);
    expect(found[0]?.message.en).toContain('from 05-02 03:00 on');
  });
});

test('names that nothing defines are errors, each with its place', () => {
  const lines = linesOf(
    'roles: { guard: {} }',
    NOTIFIERS,
    'people: { li: { name: 李伟, roles: [gard], addresses: { phone: x, phones: "a/b" } }, guard: { name: x, roles: [guard] } }',
    'roster: { shifts: [ { role: guard, from: "8:00", to: "18:00", people: [lee] } ] }',
    'plan: { red: { notify: [nobody], freezes: crane, releasedBy: boss }, rules: { nope: {} }, kinds: { sosh: {} } }',
  ).join('\n');
  for (const path of [
    'people.li.roles[0]: no such role',
    'people.li.addresses.phone: no such notifier',
    'people.li.addresses.phones: not a topic of ntfy',
    'people.guard: the plan could mean the role of that name',
    'roster.shifts[0].from',
    'roster.shifts[0].people[0]: no such person',
    'plan.red.notify[0]: no such role or person',
    'plan.red.freezes: no such operation',
    'plan.red.releasedBy: no such role',
    'plan.rules.nope: no such rule',
    'plan.kinds.sosh: no such kind of rule',
  ])
    expect(lines).toContain(path);
});

describe('muster plan rehearse', () => {
  const run = async (config: VenueConfig, ...flags: string[]) => {
    const printed = printer();
    let code: number | undefined;
    const program = new Command('muster').exitOverride();
    addPlanCommands(program, {
      ...printed,
      nowMs: () => EPOCH,
      localeOf: ({ lang }) => lang ?? 'en',
      readVenue: () => config,
      exit: (given) => {
        code = given;
      },
    });
    await program.parseAsync(['plan', 'rehearse', '-c', 'venue.yaml', ...flags], { from: 'user' });
    return { code, ...printed.texts() };
  };
  test('what actuators are told, and what follows', async () => {
    const measures = `red: {
      commands: [ { device: sign, do: show, with: { text: stop } }, { device: sign, do: dark, when: cleared } ],
      followUp: [ { id: report, withinSeconds: 86400, what: { zh: 初报, en: report } } ],`;
    const config = venue(PEOPLE, NOTIFIERS, DEVICES, SOUND.replace('red: {', measures));
    const { code, out } = await run(config, '--severity', 'red');
    expect(code).toBe(0);
    expect(out).toContain('  when raised → sign: show (text stop) (to be confirmed within 10 s)\n');
    expect(out).toContain('  when back to normal → sign: dark');
    expect(out).toContain('  by +86400 s  report (people are reminded at +82800 s)\n');
    expect((await run(config, '--severity', 'red', '--lang', 'zh-CN')).out).toContain('时限 +86400 s  初报');
    expect(JSON.parse((await run(config, '--severity', 'red', '--json')).out)).toMatchObject({
      rehearsals: [{ commands: [{ device: 'sign' }, { when: 'cleared' }], followUps: [{ afterSeconds: 86_400 }] }],
    });
  });
  test('without the embedded broker no actuator hears anything', () => {
    const plan = SOUND.replace('red: {', 'red: { commands: [ { device: sign, do: show } ],');
    const sources = 'sources: [ { kind: mqtt-client, id: site, url: "mqtt://10.0.0.5", topics: [a] } ]';
    expect(deadEnds(venue(PEOPLE, NOTIFIERS, DEVICES, sources, plan))).toEqual([
      'actuator-unconfirmed plan.red.commands',
    ]);
  });
  test('0 where all is well: who hears what, when and where, in both languages', async () => {
    const { code, out } = await run(sound, '--severity', 'red');
    expect(code).toBe(0);
    expect(out).toContain('2026-05-01 20:00 (Asia/Shanghai)');
    expect(out).toContain('phones (ntfy: topic-li) → 李伟');
    expect(out).toContain('dead ends: 0\n');
    const zh = await run(sound, '--lang', 'zh-CN');
    expect(zh.out).toMatch(/红色.*30 秒内无人接警，升级到第 1 级：王芳/s);
  });
  test('1 with dead ends; one rule alone; JSON', async () => {
    const broken = venue(PEOPLE, NOTIFIERS, SOUND.replaceAll('[manager]', '[]'));
    const { code, out } = await run(broken, '--json', '--rule', 'quiet', '--at', '2026-05-02T08:00');
    expect(code).toBe(1);
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({ at: '2026-05-02T00:00:00.000Z', timezone: 'Asia/Shanghai' });
    expect(answer.rehearsals.map(({ severity }: { severity: string }) => severity)).toEqual(['yellow', 'orange']);
    expect(answer.deadEnds[0]).toMatchObject({ code: 'escalation-ends' });
  });
  test('2 for a rule that there is not; a time is that of the venue unless it says otherwise', async () => {
    expect((await run(sound, '--rule', 'nope')).code).toBe(2);
    expect(momentOf('2026-05-01 20:00', 'Asia/Shanghai')).toBe(EPOCH);
    expect(momentOf('2026-05-01T12:00:00Z', 'Asia/Shanghai')).toBe(EPOCH);
  });
  test.each(['now', '2026-10-01', '2026-13-01T22:30', '2026-02-30T10:00', '2026-05-01T25:00', '0000-00-00T00:00'])(
    '2 for --at %s, with what was expected',
    async (at) => {
      const { code, out, err } = await run(sound, '--at', at);
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(`--at ${at}: `);
      expect(err).toContain('expected a time at the venue, as in 2026-05-01T20:00');
    },
  );
});
