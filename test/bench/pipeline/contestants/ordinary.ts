import mqtt from 'mqtt';
import { merge, Subject } from 'rxjs';
import { topicOf } from '../venue.ts';
import type { Message, Values } from './ordinary-rules.ts';
import { RULES } from './ordinary-rules.ts';
import { serveContestant } from './serve.ts';

interface SenmlRecord {
  readonly n: string;
  readonly v?: number;
  readonly vb?: boolean;
}

const isPack = (value: unknown): value is readonly SenmlRecord[] => Array.isArray(value);

const PREFIX_LENGTH = topicOf('').length;

const valuesOf = (payload: Buffer): Values => {
  const values: Values = {};
  const pack: unknown = JSON.parse(payload.toString());
  if (isPack(pack)) for (const { n, v, vb } of pack) values[n] = v ?? (vb === true ? 1 : 0);
  return values;
};

/** An ordinary Node program: mqtt.js subscribed to a broker, JSON.parse, and each rule as a groupBy with a scan. */
serveContestant(async (onAlarm, { brokerPort: port = 1883 }) => {
  const messages = new Subject<Message>();
  merge(...RULES.map((rule) => rule(messages))).subscribe(onAlarm);
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
  let judged = 0;
  client.on('message', (topic, payload) => {
    judged += 1;
    messages.next({ device: topic.slice(PREFIX_LENGTH), nowMs: Date.now(), values: valuesOf(payload) });
  });
  await client.subscribeAsync(topicOf('+'));
  return { port, judged: () => judged, shed: () => 0 };
});
