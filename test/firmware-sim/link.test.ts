import { afterEach, beforeEach, expect, it } from 'vitest';
import { realClock } from '../../firmware-sim/clock.ts';
import { createLink, type Link } from '../../firmware-sim/link.ts';
import { seededRandom } from '../../firmware-sim/random.ts';
import { startBroker, type TestBroker } from './stage/broker.ts';

let broker: TestBroker;
let link: Link;
let ready: () => void;

beforeEach(async () => {
  broker = await startBroker();
  ready = () => {};
  link = createLink({
    broker: broker.url,
    device: 'b1',
    secret: undefined,
    upTopic: 'up/b1',
    downTopic: undefined,
    clock: realClock(),
    random: seededRandom(1, 'link'),
    onCommand: () => {},
    onReady: () => ready(),
    onProblem: () => {},
  });
});

afterEach(async () => {
  await link.close(0);
  await broker.stop();
});

const opened = (): Promise<void> =>
  new Promise((resolve) => {
    ready = resolve;
    link.open();
  });

const heard = (): readonly string[] => broker.heard.map(({ payload }) => payload.toString());
const send = (text: string, urgent = false): void => link.send(Buffer.from(text), urgent);

it('keeps a bounded number while the broker is away: the oldest report goes first, a call for help last', async () => {
  const { port } = broker;
  await broker.stop();
  link.open();
  send('sos', true);
  for (let count = 0; count < 300; count += 1) send(`report ${count}`);
  expect(link.waiting).toBe(256);
  expect(link.dropped).toBe(45);
  broker = await startBroker(port);
  await broker.until(() => broker.heard.length === 256);
  expect(heard()).toContain('sos');
  expect(heard()).toContain('report 45');
  expect(heard()).not.toContain('report 44');
  expect(link.waiting).toBe(0);
});

it('sends a call for help again that was not acknowledged when the connection broke', async () => {
  await broker.stop();
  broker = await startBroker(broker.port, { acknowledges: false });
  await opened();
  send('sos', true);
  await broker.until(() => broker.unanswered.includes('sos'));
  await broker.stop();
  broker = await startBroker(broker.port);
  await broker.until(() => heard().includes('sos'));
  expect(link.dropped).toBe(0);
});

it('delivers each quality of service in order, and waits at the end for what is under way', async () => {
  await opened();
  for (let count = 0; count < 100; count += 1) send(`m${count}`, count % 10 === 0);
  await link.close(5000);
  const sent = Array.from({ length: 100 }, (_, count) => `m${count}`);
  const byQos = (level: number) =>
    broker.heard.filter(({ qos }) => qos === level).map(({ payload }) => String(payload));
  expect(byQos(0)).toEqual(sent.filter((_, count) => count % 10 !== 0));
  expect(byQos(1)).toEqual(sent.filter((_, count) => count % 10 === 0));
  expect(link.dropped).toBe(0);
});

it('sends nothing after it was cut, and counts what it forgets', async () => {
  await opened();
  link.cut();
  send('lost');
  expect(link.waiting).toBe(1);
  await link.close(0);
  expect(link.dropped).toBe(1);
  expect(heard()).toEqual([]);
});
