import { z } from 'zod';
import { answerQuestions } from '../child.ts';
import { openClient } from './client.ts';
import { acknowledgedRate } from './load/acknowledged.ts';
import { floodFor } from './load/flood.ts';
import { steadyLoad } from './load/steady.ts';
import { type PacketStream, packetStream } from './load/stream.ts';
import { DEVICE_LIST } from './venue.ts';

const questionSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('connect'), port: z.number(), connections: z.number(), qos: z.literal([0, 1]) }),
  z.strictObject({ do: z.literal('steady'), perSecond: z.number(), seconds: z.number() }),
  z.strictObject({ do: z.literal('flood'), seconds: z.number() }),
  z.strictObject({ do: z.literal('acknowledged'), seconds: z.number() }),
]);

const SENDERS = DEVICE_LIST.filter(({ probe }) => !probe);

const connect = async (port: number, connections: number, qos: 0 | 1): Promise<PacketStream[]> => {
  const streams: PacketStream[] = [];
  for (let at = 0; at < connections; at += 1) {
    const socket = await openClient(port, `load-${at}`);
    // Whatever the broker does to it shows in what is judged.
    socket.on('error', () => undefined);
    socket.resume();
    streams.push(
      packetStream(
        socket,
        SENDERS.filter((_, index) => index % connections === at),
        at * 1_000,
        qos,
      ),
    );
  }
  return streams;
};

let streams: PacketStream[] = [];
let steady = steadyLoad(streams);

answerQuestions(async (raw) => {
  const question = questionSchema.parse(raw);
  switch (question.do) {
    case 'connect':
      streams = await connect(question.port, question.connections, question.qos);
      steady = steadyLoad(streams);
      return { open: streams.length };
    case 'steady':
      return steady.run(question.perSecond, question.seconds);
    case 'flood':
      return floodFor(streams, question.seconds);
    case 'acknowledged':
      return acknowledgedRate(streams, question.seconds);
  }
});
