import { describe, expect, test } from 'vitest';
import { createRequests } from '../../gateway/requests.ts';
import { mqttFrame } from '../../ingest/model/frame.ts';
import type { Source } from '../../ingest/sources/source.ts';

const REBIRTH = { topic: 'spBv1.0/g/NCMD/n', payload: Buffer.from('x') };

const stage = (send?: Source['send']) => {
  const sent: string[] = [];
  const take: Source['send'] = (topic) => {
    sent.push(topic);
    return true;
  };
  const source = { id: 'mqtt', start: async () => undefined, stop: async () => undefined };
  const requests = createRequests();
  requests.connect([
    { ...source, send: send ?? take },
    { ...source, id: 'replay' },
  ]);
  const ask = (atMs: number, topic = REBIRTH.topic, from = 'mqtt') =>
    requests.take({ ...REBIRTH, topic }, mqttFrame(from, 'a', new Uint8Array(), atMs));
  return { requests, sent, ask };
};

describe('requests of decoders', () => {
  test('are sent by the source that the frame came from, once in ten seconds', () => {
    const { requests, sent, ask } = stage();
    for (const atMs of [0, 1, 9999, 10_000, 10_001]) ask(atMs);
    expect(sent).toHaveLength(2);
    expect(requests.counters).toEqual({ sent: 2, limited: 3, unsent: 0 });
  });

  test('to different nodes do not wait for one another', () => {
    const { sent, ask } = stage();
    ask(0, 'spBv1.0/g/NCMD/a');
    ask(0, 'spBv1.0/g/NCMD/b');
    expect(sent).toEqual(['spBv1.0/g/NCMD/a', 'spBv1.0/g/NCMD/b']);
  });

  test('that could not be sent are tried again at the next occasion', () => {
    let isConnected = false;
    const { requests, ask } = stage(() => isConnected);
    ask(0);
    isConnected = true;
    ask(1);
    expect(requests.counters).toEqual({ sent: 1, limited: 0, unsent: 1 });
  });

  test('of a source that cannot send, or that nobody knows, are counted', () => {
    const { requests, ask } = stage();
    ask(0, REBIRTH.topic, 'replay');
    ask(0, REBIRTH.topic, 'nobody');
    expect(requests.counters).toEqual({ sent: 0, limited: 0, unsent: 2 });
  });

  test('go on after the clock was set back', () => {
    const { sent, ask } = stage();
    ask(1_000_000);
    ask(0);
    expect(sent).toHaveLength(2);
  });

  test('are remembered of a bounded number of nodes', () => {
    const { requests, ask } = stage();
    for (let node = 0; node < 10_001; node += 1) ask(0, `spBv1.0/g/NCMD/${node}`);
    ask(1, 'spBv1.0/g/NCMD/10000');
    ask(1, 'spBv1.0/g/NCMD/0');
    expect(requests.counters).toEqual({ sent: 10_002, limited: 1, unsent: 0 });
  });
});
