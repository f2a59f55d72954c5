import { startApp } from '../../../../gateway/app.ts';
import { liveClock } from '../../../../gateway/clock.ts';
import { loadVenue } from '../../../../gateway/config/load.ts';
import { venueText } from '../venue.ts';
import { serveContestant } from './serve.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The gateway as `muster run` starts it, less its log. */
serveContestant(async (onAlarm, { keep }) => {
  const loaded = loadVenue(venueText(keep?.sinks), 'bench');
  if (!loaded.ok) throw new Error(loaded.errors.map(({ path, message }) => `${path}: ${message.en}`).join('\n'));
  const kept = keep === undefined ? {} : { storeDirectory: keep.directory };
  const app = await startApp({ config: loaded.config, clock: liveClock(), log: silent, ...kept });
  app.hotPath.events.listen((event) => {
    if (event.type === 'raised' || event.type === 'repeated') onAlarm(event.alarm.subject);
  });
  const { counters } = app.hotPath.intake;
  const { sinks } = loaded.config;
  const count = (part: string, name: string): number => app.health().counters[part]?.[name] ?? 0;
  const ofSinks = (name: string): number => sinks.reduce((sum, { id }) => sum + count(`influx_${id}`, name), 0);
  return {
    port: app.mqtt[0]?.port ?? 0,
    judged: () => counters.frames,
    shed: () =>
      count('mqtt', 'shedQos0') +
      count('mqtt', 'rateLimitedQos0') +
      count('store', 'droppedSamples') +
      ofSinks('droppedReadings') +
      counters.failures,
    written: () => ofSinks('writtenLines'),
  };
});
