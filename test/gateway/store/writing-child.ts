import { writeSync } from 'node:fs';
import { openStore } from '../../../gateway/store/open-store.ts';
import { createSample } from '../../../ingest/model/stamp.ts';

/**
 * A process that writes samples numbered from `argv[3]` into the store of `argv[2]`, tells on standard output which
 * are committed, and ends when it is killed.
 */
const [, , directory = '', first = '0'] = process.argv;
const START_MS = 1_700_000_000_000;
const silent = (): void => undefined;

const store = await openStore({
  directory,
  log: { info: silent, warn: silent, error: silent },
  nowMs: () => START_MS,
  commitEveryMs: 2,
  packReadings: 400,
});

let number = Number(first);

const writeSome = (): void => {
  const { pendingBatches } = store.health();
  for (let count = 0; count < 20 && pendingBatches < 50; count += 1) {
    const nowMs = START_MS + number;
    store.sample(
      createSample('kitchen', '', nowMs, 'arrival', nowMs, number, { temperatureCelsius: number, humidityPercent: 40 }),
    );
    if (number % 50 === 0) {
      const at = new Date(nowMs).toISOString();
      const texts = { zh: '高', en: 'high' };
      const alarm = {
        id: `heat.${number}`,
        rule: 'heat',
        kind: 'threshold',
        subject: 'kitchen',
        severity: 'orange',
        condition: 'active',
        human: 'unacknowledged',
        raisedAt: at,
        changedAt: at,
        reason: { code: 'above', ...texts },
        guidance: texts,
      } as const;
      store.event({ type: 'raised', atMs: nowMs, alarm });
    }
    const committed = number;
    store.commit(() => writeSync(1, `${committed}\n`));
    number += 1;
  }
  setImmediate(writeSome);
};

writeSome();
