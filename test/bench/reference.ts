/**
 * Seen on this machine class (two shared cores), for judging the machine before judging the gateway: a run in which the
 * yardsticks stay under 0.7 of these says more about its neighbours than about us. One rule, 50 publishers, QoS 0, one
 * reading a message; messages/s, and p99 from publish to alarm at half of each one's own maximum.
 */
export const REFERENCE: readonly {
  readonly pipeline: string;
  readonly messagesPerSecond: number;
  readonly p99Ms: number;
}[] = [
  { pipeline: 'Node-RED on mosquitto', messagesPerSecond: 30_000, p99Ms: 21.5 },
  { pipeline: 'mqtt.js + JSON.parse + rxjs groupBy/scan on mosquitto', messagesPerSecond: 66_000, p99Ms: 33 },
  { pipeline: 'mqtt.js + map on mosquitto', messagesPerSecond: 94_000, p99Ms: 17 },
  { pipeline: "aedes in-process, 'publish' event, rxjs", messagesPerSecond: 86_000, p99Ms: 4.7 },
  { pipeline: 'aedes in-process, authorizePublish, map', messagesPerSecond: 121_000, p99Ms: 3.9 },
  { pipeline: 'bare sockets, hand-written MQTT parser, map', messagesPerSecond: 196_000, p99Ms: 4.4 },
];

/** The reference figures as lines of text. */
export const referenceLines = (): string =>
  REFERENCE.map(
    ({ pipeline, messagesPerSecond, p99Ms }) =>
      `  ${pipeline}: ${messagesPerSecond.toLocaleString('en')} messages/s, p99 ${p99Ms} ms\n`,
  ).join('');
