import { startApp } from '../../../../gateway/app.ts';
import { liveClock } from '../../../../gateway/clock.ts';
import { loadVenue } from '../../../../gateway/config/load.ts';
import { venueText } from '../venue.ts';
import { serveContestant } from './serve.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The gateway as `muster run` starts it, less its log. */
serveContestant(async (onAlarm) => {
  const loaded = loadVenue(venueText(), 'bench');
  if (!loaded.ok) throw new Error(loaded.errors.map(({ path, message }) => `${path}: ${message.en}`).join('\n'));
  const app = await startApp({ config: loaded.config, clock: liveClock(), log: silent });
  app.hotPath.events.listen((event) => {
    if (event.type === 'raised' || event.type === 'repeated') onAlarm(event.alarm.subject);
  });
  const { counters } = app.hotPath.intake;
  const mqtt = (): Readonly<Record<string, number>> => app.health().counters.mqtt ?? {};
  return {
    port: app.mqtt[0]?.port ?? 0,
    judged: () => counters.frames,
    shed: () => (mqtt().shedQos0 ?? 0) + (mqtt().rateLimitedQos0 ?? 0) + counters.failures,
  };
});
