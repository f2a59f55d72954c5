import { Subject, VirtualTimeScheduler } from 'rxjs';
import { seededRandom } from '../../../firmware-sim/random.ts';
import { type BadgeType, wear } from '../../../firmware-sim/wearer/adverts.ts';
import type { Mount } from '../../../firmware-sim/wearer/mount.ts';
import type { Performance } from '../../../firmware-sim/wearer/performance.ts';
import { createIntake } from '../../../ingest/intake.ts';
import { AlarmDesk } from '../../../rules/alarms/desk.ts';
import { type EngineInput, judge } from '../../../rules/engine.ts';
import { buzzId } from '../../../rules/wearer/prealarm.ts';
import { device, EPOCH, occurrenceOf, rule, venueOf } from '../stage.ts';

/** What the gateway made of one performance, by kind of rule. */
export interface Outcome {
  /** Seconds at which each kind raised first. */
  readonly raised: ReadonlyMap<string, number>;
  /** Kinds that asked the wearer. */
  readonly asked: ReadonlySet<string>;
  /** From the fall to the alarm, seconds. */
  readonly manDownAfter: number | undefined;
}

const MAC = 'C1:22:33:44:55:66';
const RULES = [
  { id: 'fall', kind: 'tilt' },
  { id: 'down', kind: 'man-down' },
];

/**
 * Plays one performance: the badge's bytes through the gateway's own decoders into its own rules with default
 * parameters, in virtual time. The badge confirms its buzz in every other run; somebody who lies on purpose always has
 * one that does, and cancels.
 */
export const perform = (
  make: (random: ReturnType<typeof seededRandom>) => Performance,
  name: string,
  type: BadgeType,
  seed: number,
): Outcome => {
  const random = seededRandom(seed, `${name} ${type}`);
  const performance = make(random);
  const mount: Mount = name.startsWith('lanyard') || random.chance(0.5) ? 'lanyard' : 'clip';
  const confirms = performance.answers === true || random.chance(0.5);
  const { upright, adverts } = wear(performance, type, mount, seed, MAC);

  const badge = device('b1', { upright, reports: { everySeconds: 10 } });
  const venue = venueOf([badge]);
  const scheduler = new VirtualTimeScheduler();
  scheduler.frame = EPOCH;
  const inputs = new Subject<EngineInput>();
  const raised = new Map<string, number>();
  const asked = new Set<string>();

  const say = (kind: 'done' | 'cancel', afterSeconds: number, attributes: Record<string, string> = {}): void => {
    scheduler.schedule(
      () => inputs.next(occurrenceOf('b1', kind, scheduler.frame, { attributes })),
      afterSeconds * 1000,
    );
  };
  const desk = new AlarmDesk((event) => {
    if ('alarm' in event) {
      if (event.type === 'raised') raised.set(event.alarm.kind, (event.atMs - EPOCH) / 1000);
    } else if (event.type === 'pre-alarm') {
      asked.add(event.kind);
      if (confirms) say('done', random.between(0.3, 2.5), { id: buzzId(event.rule, event.subject, event.untilMs) });
      if (performance.answers === true) say('cancel', random.between(3, 8));
    }
  });
  const rules = RULES.map((config) => rule(config, venue));
  inputs.pipe(judge(rules, { scheduler, venue })).subscribe((verdict) => {
    if (verdict.type === 'fault') throw verdict.error;
    if (verdict.type === 'condition') desk.take(verdict);
  });
  const intake = createIntake({
    venueId: 'x',
    resolve: () => badge,
    isRegistered: (id) => id === 'b1',
    onSample: (sample) => inputs.next(sample),
    onOccurrence: (occurrence) => inputs.next(occurrence),
  });
  const until = (atSeconds: number): void => {
    scheduler.maxFrames = EPOCH + atSeconds * 1000;
    scheduler.flush();
    scheduler.frame = EPOCH + atSeconds * 1000;
  };
  for (const { atSeconds, data } of adverts) {
    until(atSeconds);
    const arrivedMs = scheduler.frame;
    intake.take({
      source: 'ble',
      transport: 'ble',
      address: MAC,
      payload: data,
      arrivedMs,
      retained: false,
      rssiDbm: -60,
    });
  }
  until(performance.seconds);
  if (intake.counters.samples < adverts.length * 0.9) throw new Error(`${name}: adverts were not decoded`);
  const raisedAt = raised.get('man-down');
  const fallenAt = performance.fallenAtSeconds;
  const manDownAfter = raisedAt === undefined || fallenAt === undefined ? undefined : raisedAt - fallenAt;
  return { raised, asked, manDownAfter };
};
