import { type Noble, withBindings } from '@stoprocent/noble';
import { adapterSchema, type FromCentral, type ToCentral } from './protocol.ts';
import { writeOnce } from './write.ts';

/**
 * noble in a process of its own: it prints, takes over SIGINT, and throws out of its stream at one malformed packet. All of
 * that ends here. No thread would do: the binding of the serial port runs in a main thread only.
 */
const adapter = adapterSchema.parse(JSON.parse(process.argv[2] ?? ''));

const POWER_ON_MS = 30_000;

const open = (): Noble =>
  adapter.kind === 'uart'
    ? withBindings('hci', {
        hciDriver: 'uart',
        bindParams: { uart: { port: adapter.path, baudRate: adapter.baudRate } },
      })
    : withBindings('hci', { hciDriver: 'native', deviceId: adapter.device, userChannel: true });

const central = open();
// Not only when the first badge is to be buzzed; what goes wrong is told then.
central.waitForPoweredOnAsync(POWER_ON_MS).catch(() => undefined);

// noble would look for a controller that was pulled out, and not find it. Whoever needs one next starts anew.
let wasOn = false;
central.on('stateChange', (state) => {
  if (wasOn && state !== 'poweredOn') process.exit(0);
  wasOn = state === 'poweredOn';
});

// Asked to, or because the gateway is gone. It lets go of the controller at its exit.
process.on('disconnect', () => process.exit(0));

process.on('message', ({ request }: ToCentral) => {
  void writeOnce(central, request).then((result) => {
    const answer: FromCentral = { id: request.id, result };
    process.send?.(answer);
  });
});
