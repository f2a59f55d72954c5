import { parentPort, workerData } from 'node:worker_threads';
import type { Log } from '../../log.ts';
import { after, monotonicMs } from '../clock.ts';
import { openDatabase } from '../database/open.ts';
import { messageOf, type Refusal, troubleCode } from '../errors.ts';
import { Gauges } from '../gauges.ts';
import type { FromWorker, ToWorker, WorkerSettings } from '../protocol.ts';
import { startFollowers } from './followers.ts';
import { Keeper } from './keeper.ts';
import { keepMark, readMark } from './mark.ts';
import { yieldToJudging } from './priority.ts';
import { createTurns } from './turns.ts';

const port = parentPort;
if (port === null) throw new Error('the store’s worker runs in a thread of the gateway');

const settings: WorkerSettings = workerData;
const gauges = new Gauges(settings.gauges);

const post = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...transfer]);

const SINKS_TOLD_EVERY_MS = 1000;

/** The main thread has the log. */
const say =
  (level: keyof Log): Log[keyof Log] =>
  (fields, message) => {
    try {
      post({ type: 'log', level, fields, message });
    } catch {
      // A field that cannot be handed over must not cost the sentence.
      post({ type: 'log', level, fields: { fields: String(fields) }, message });
    }
  };

const report: Log = { info: say('info'), warn: say('warn'), error: say('error') };

const refuse = (refusal: Refusal): void => {
  post({ type: 'refused', refusal });
  port.close();
};

const cannotStart = (error: unknown): Refusal => ({
  code: 'cannot-start',
  message: `the store in ${settings.directory}: ${troubleCode(error) === 'disk-full' ? 'the disk is full' : messageOf(error)}`,
});

const start = (): void => {
  const opened = openDatabase(settings);
  if ('code' in opened) {
    refuse(opened);
    return;
  }
  const { connection, setAside, damage } = opened;
  const keeper = new Keeper({ connection, gauges, known: settings.known });
  const followers = startFollowers({
    keeper,
    gauges,
    logBytesMax: settings.logBytesMax,
    sinks: settings.sinks,
    report,
  });
  const { log } = keeper;
  const ranToMs = readMark(settings.directory, log.lastSequence, report);
  const endMark = keepMark({
    directory: settings.directory,
    gauges,
    report,
    lastSequence: () => log.lastSequence,
    after,
  });
  const turns = createTurns({
    keeper,
    settings,
    gauges,
    followers,
    monotonicMs,
    after,
    post,
    end: () => process.exit(),
  });
  const tellSinks = (): void => {
    post({ type: 'sinks', statuses: followers.statuses() });
    // Where the sinks are by now is written down.
    turns.wake();
    cancel = after(SINKS_TOLD_EVERY_MS, tellSinks);
  };
  let cancel = settings.sinks.length === 0 ? undefined : after(0, tellSinks);
  port.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'stop':
        cancel?.();
        endMark();
        void turns.stop();
        return;
      case 'question':
        turns.ask(message.id, message.question);
        return;
      case 'count':
        followers.count(message.counters, message.atMs);
        return;
      case 'facts':
        followers.facts(message.facts, message.atMs);
        return;
      default:
        turns.add(message);
    }
  });
  post({
    type: 'ready',
    lastSequence: log.lastSequence,
    snapshotSequence: log.cursor('snapshot'),
    names: keeper.names,
    ranToMs,
    ...(setAside === undefined ? {} : { setAside }),
    ...(damage === undefined ? {} : { damage }),
  });
};

try {
  yieldToJudging();
  start();
} catch (error) {
  refuse(cannotStart(error));
}
