import { parentPort, workerData } from 'node:worker_threads';
import { after, monotonicMs } from '../clock.ts';
import { openDatabase } from '../database/open.ts';
import { messageOf, type Refusal, troubleCode } from '../errors.ts';
import { Gauges } from '../gauges.ts';
import type { FromWorker, ToWorker, WorkerSettings } from '../protocol.ts';
import { Keeper } from './keeper.ts';
import { createTurns } from './turns.ts';

const port = parentPort;
if (port === null) throw new Error('the store’s worker runs in a thread of the gateway');

const settings: WorkerSettings = workerData;
const gauges = new Gauges(settings.gauges);

const post = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...transfer]);

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
  const turns = createTurns({ keeper, settings, gauges, monotonicMs, after, post });
  port.on('message', (message: ToWorker) => {
    if (message.type === 'stop') {
      turns.stop();
      port.close();
    } else if (message.type === 'question') turns.ask(message.id, message.question);
    else turns.add(message);
  });
  post({
    type: 'ready',
    lastSequence: keeper.log.lastSequence,
    snapshotSequence: keeper.log.cursor('snapshot'),
    names: keeper.names,
    ...(setAside === undefined ? {} : { setAside }),
    ...(damage === undefined ? {} : { damage }),
  });
};

try {
  start();
} catch (error) {
  refuse(cannotStart(error));
}
