import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alarmOf, type Sent, stage, venue } from './stage.ts';

const config = venue(
  'devices: { siren: { profile: plug }, sign: { profile: plug } }',
  `plan:
  yellow: { commands: [ { device: sign, do: show } ] }
  red:
    commands:
      - { device: siren, do: sound }
      - { device: siren, do: flash, confirmWithinSeconds: 30 }
      - { device: sign, do: show }
      - { device: siren, do: quiet, when: acknowledged }
      - { device: sign, do: dark, when: cleared }
      - { device: siren, do: rest, when: closed }
    followUp: [ { id: report, withinSeconds: 100, what: { zh: 初报, en: report } } ]`,
);

const STEPS = ['raise', 'press', 'acknowledge', 'clear', 'close', 'confirm', 'forge', 'kill', 'wait'] as const;
const steps = fc.array(
  fc.record({ does: fc.constantFrom(...STEPS), which: fc.nat({ max: 2 }), waits: fc.nat({ max: 15 }) }),
  { minLength: 1, maxLength: 30 },
);

type Step = { readonly does: (typeof STEPS)[number]; readonly which: number; readonly waits: number };

/** Plays them; answers what is kept in the end, and all that was sent over all lives. */
const play = (list: readonly Step[]) => {
  let on = stage({ config });
  let now = 0;
  const sent: Sent[] = [];
  const open = new Set<number>();
  const alarm = (which: number) => alarmOf(`b${which}`, { severity: which === 0 ? 'yellow' : 'red' });
  const perform = ({ does, which }: Step): void => {
    const about = alarm(which);
    if (does === 'raise' && !open.has(which)) on.event('raised', about);
    if (does === 'raise') open.add(which);
    if (does === 'kill') {
      const kept = on.kill();
      sent.push(...on.sent);
      on = stage({ config, atSeconds: now, kept });
    }
    const last = on.sent.at(-1 - which);
    if (does === 'confirm' && last !== undefined) on.done(last.device, last.payload.id);
    if (does === 'forge' && last !== undefined) on.done(last.device === 'sign' ? 'siren' : 'sign', last.payload.id);
    if (!open.has(which)) return;
    if (does === 'press') on.event('repeated', about);
    if (does === 'acknowledge') on.event('acknowledged', { ...about, human: 'acknowledged' }, 'li');
    if (does === 'clear') on.event('cleared', { ...about, condition: 'cleared' });
    if (does === 'close') on.event('closed', { ...about, condition: 'cleared' });
    if (does === 'close') open.delete(which);
  };
  for (const step of list) {
    now += step.waits;
    on.at(now);
    perform(step);
  }
  // Whatever is on its way is over by then.
  on.at(now + 120);
  sent.push(...on.sent);
  return { kept: on.kill(), sent, open };
};

test('whatever happens: an actuator that owes something is an alarm and no other is, and nothing is sent without end', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const { kept, sent, open } = play(list);
      const orders = [...kept.orders.values()];
      expect(orders.filter(({ phase }) => phase === 'sent')).toEqual([]);
      const owing = new Set(
        orders.filter(({ phase }) => phase === 'overdue').map(({ device }) => `actuator:${device}`),
      );
      const lamented = kept.open.map(({ subject }) => subject).filter((subject) => subject.startsWith('actuator:'));
      expect(new Set(lamented)).toEqual(owing);
      // What is settled of an alarm that is over is forgotten.
      const of = new Set([...open].map((which) => alarmOf(`b${which}`).id));
      expect(orders.filter(({ phase, alarm }) => phase !== 'overdue' && !of.has(alarm))).toEqual([]);
      const kills = list.filter(({ does }) => does === 'kill').length;
      const times = new Map<string, number>();
      for (const { payload } of sent) times.set(payload.id, (times.get(payload.id) ?? 0) + 1);
      expect(Math.max(0, ...times.values())).toBeLessThanOrEqual(4 + 2 * kills);
      // The same again: ids follow from what happened.
      expect(play(list).sent).toEqual(sent);
    }),
    { numRuns: 60 },
  );
});
