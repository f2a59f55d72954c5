import { parentPort, workerData } from 'node:worker_threads';
import { type Noble, withBindings } from '@stoprocent/noble';
import type { CentralAdapter, FromCentral, ToCentral } from './protocol.ts';
import { writeOnce } from './write.ts';

/**
 * noble in a thread of its own: it writes to the console, takes over SIGINT, and throws out of its stream at one malformed
 * packet. All of that ends here.
 */
const port = parentPort;
if (port === null) throw new Error('runs in a worker thread only');

const adapter: CentralAdapter = workerData;

const open = (): Noble =>
  adapter.kind === 'uart'
    ? withBindings('hci', {
        hciDriver: 'uart',
        bindParams: { uart: { port: adapter.path, baudRate: adapter.baudRate } },
      })
    : withBindings('hci', { hciDriver: 'native', deviceId: adapter.device, userChannel: true });

const central = open();

const stop = (): void => {
  central.stop();
  port.close();
};

port.on('message', (message: ToCentral) => {
  if (message.type === 'stop') {
    stop();
    return;
  }
  const { request } = message;
  void writeOnce(central, request).then((result) => {
    const answer: FromCentral = { id: request.id, result };
    port.postMessage(answer);
  });
});
