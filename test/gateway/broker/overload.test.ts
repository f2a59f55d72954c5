import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { hashSecret } from '../../../gateway/broker/clients/credentials.ts';
import { until } from '../../until.ts';
import { connected, connectPacket, publishPacket, startBroker } from './fixture.ts';

const flood = (port: number, sockets: number): (() => void) => {
  const script = fileURLToPath(new URL('flood.mjs', import.meta.url));
  const hello = connectPacket({ id: 'id0000', user: 'noise', password: 'noise' }).toString('hex');
  const noise = publishPacket('muster/v/up/noise', '[{"n":"temperature","u":"Cel","v":23.1}]').toString('hex');
  const child = spawn(process.execPath, [script, String(port), String(sockets), hello, noise], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return () => child.kill('SIGKILL');
};

const noisy = { secretSha256: hashSecret('noise'), publish: ['muster/v/up/noise'], subscribe: [] };

const busyFor = (ms: number): void => {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
};

test('200 flooding sockets: an SOS is tapped within a second, QoS 0 is shed, and all is well afterwards', async () => {
  let sosMs = 0;
  let noise = 0;
  let after = 0;
  const { broker, port, tapped } = await startBroker(
    { limits: { publishesPerSecond: 1e9, publishBurst: 1e9 }, credentials: new Map([['noise', noisy]]) },
    (publish) => {
      tapped.pop();
      if (publish.topic === 'muster/v/up/sos') {
        sosMs = performance.now();
        publish.settle?.();
      } else if (publish.topic === 'muster/v/up/after') {
        after += 1;
      } else {
        noise += 1;
        busyFor(0.02);
      }
    },
  );
  const badge = await connected(port, { id: 'badge' });
  const stop = flood(port, 200);
  await until(() => broker.gauges().connections === 201 && noise > 1_000, 'the flood', 20_000);
  const delaysMs: number[] = [];
  const endMs = performance.now() + 4_000;
  for (let id = 1; performance.now() < endMs; id += 1) {
    sosMs = 0;
    const sentMs = performance.now();
    badge.send(publishPacket('muster/v/up/sos', 'sos', id));
    await until(() => sosMs > 0, 'the SOS');
    delaysMs.push(sosMs - sentMs);
    await badge.expect(`4002${id.toString(16).padStart(4, '0')}`);
  }
  expect(Math.max(...delaysMs)).toBeLessThan(1_000);
  expect(delaysMs.length).toBeGreaterThan(10);
  expect(broker.counters.shedQos0).toBeGreaterThan(0);
  expect(noise).toBeGreaterThan(10_000);

  // What lies in the kernel's buffers goes with the connections.
  stop();
  broker.setCredentials(new Map());
  await until(() => broker.gauges().connections === 1, 'the flood is over', 10_000);
  badge.send(Buffer.concat(Array.from({ length: 500 }, () => publishPacket('muster/v/up/after', 'x'))));
  await until(() => after === 500, 'nothing more is shed');
}, 60_000);
