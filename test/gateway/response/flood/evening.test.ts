import { expect, test } from 'vitest';
import { alarmLoadSchema } from '../../../../gateway/api/schemas/alarm-load.ts';
import { until } from '../../../until.ts';
import { ask } from '../../api/ask.ts';
import { getJson, venueYaml } from '../../fixture.ts';
import { NO_CONTENT, scriptedServer } from '../../influx/scripted-server.ts';
import { press, readWebhook, run, SECRET } from '../../notifiers/fixture.ts';
import { temporaryDirectory } from '../../store/fixture.ts';

const PROBES = 30;
const BADGES = 5;

const each = (count: number, entry: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => entry(index + 1)).join(', ');

const venueOf = (url: string): string =>
  venueYaml(`
security: { anonymous: loopback }
zones: { hall: { name: { zh: 大厅, en: Hall } } }
roles: { guard: {} }
profiles: { probe: { reports: { everySeconds: 3600 } } }
devices: { ${each(PROBES, (index) => `p${index}: { profile: probe, zone: hall }`)} }
badges: { ${each(BADGES, (index) => `b${index}: { role: guard, zone: hall }`)} }
rules:
  - { id: help, kind: sos }
  - { id: heat, kind: threshold, metric: temperatureCelsius, for: { profiles: [probe] }, above: { orange: 40 }, latching: true }
people: { li: { name: 李伟, roles: [guard] } }
plan:
  orange: { notify: [guard], channels: [hook] }
  red: { notify: [guard], channels: [hook], repeatSeconds: 3600 }
flood: { groups: { everySeconds: 1 } }
notifiers: [{ kind: webhook, id: hook, url: "${url}", secret: ${SECRET} }]
`);

test('thirty probes get hot at once while five people press SOS: five calls, ten alarms, and one that counts the others', {
  timeout: 60_000,
}, async () => {
  const server = await scriptedServer(NO_CONTENT);
  const { app, badge } = await run(venueOf(server.url), temporaryDirectory());
  const bodies = () => server.received.map(readWebhook);
  const told = (severity: string) =>
    bodies().filter(({ alarm, event }) => alarm.severity === severity && event === 'raised');
  for (let index = 1; index <= PROBES; index += 1) {
    await badge.publishAsync(`muster/hall/up/p${index}`, '[{"n":"temperature","u":"Cel","v":60}]', { qos: 1 });
    if (index > PROBES - BADGES) await press(badge, `b${index - PROBES + BADGES}`, 1);
  }
  await until(() => app.hotPath.openAlarms().length === PROBES + BADGES, 'all are open');
  await until(() => bodies().some(({ group }) => group?.count === PROBES - 9), 'the group is told', 10_000);

  expect(new Set(told('red').map(({ alarm }) => alarm.subject)).size).toBe(BADGES);
  // Nine before the flood, and the tenth, which is the first of the group.
  expect(told('orange')).toHaveLength(10);
  const growing = bodies().filter(({ group }) => group !== undefined);
  expect(new Set(growing.map(({ alarm }) => alarm.id))).toEqual(new Set([told('orange').at(-1)?.alarm.id]));
  expect(growing.at(-1)).toMatchObject({ event: 'repeated', group: { waiting: PROBES - 9 } });

  const { data: load } = alarmLoadSchema.safeParse(await getJson(app, '/api/v1/alarm-load'));
  const [venue, ...others] = load?.operators ?? [];
  const figures = { state: 'flood', perTenMinutes: PROBES + BADGES, bySeverity: { orange: PROBES, red: BADGES } };
  expect(venue).toMatchObject({ id: '*', ...figures });
  expect(others.map(({ id, type }) => [id, type]).sort()).toEqual([
    ['guard', 'role'],
    ['li', 'person'],
  ]);
  expect(others).toMatchObject([figures, figures]);
  expect(load?.groups).toMatchObject([{ kind: 'threshold', zone: 'hall', count: PROBES - 9, waiting: PROBES - 9 }]);
  expect(load?.groups[0]?.alarms).toHaveLength(PROBES - 9);
  expect(load?.counters.grouped).toBe(PROBES - 10);
  expect(app.health()).toMatchObject({
    counters: { alarmLoad: { grouped: PROBES - 10 } },
    levels: {
      alarmLoad: { recentAlarms: PROBES + BADGES, busiestRecentAlarms: PROBES + BADGES, flood: 1, groups: 1 },
    },
  });
  const metrics = (await ask(app.http.port, '/metrics')).text;
  expect(metrics).toContain(`muster_operator_recent_alarms{operator="guard"} ${PROBES + BADGES}`);
  expect(metrics).not.toContain('operator="li"');

  // Every alarm stays its own.
  const { items } = await getJson(app, '/api/v1/alarms');
  expect(items).toHaveLength(PROBES + BADGES);
});
