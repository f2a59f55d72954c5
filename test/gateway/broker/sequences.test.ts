import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { vectors } from '../../shared-vectors.ts';
import { until } from '../../until.ts';
import { rawClient, startBroker } from './fixture.ts';

const FILE = 'mqtt_sequences_v3_v311.jsonl';
const sequence = z.object({
  id: z.string(),
  steps: z.array(z.object({ send: z.string().optional(), recv: z.string().optional() })),
  expect_disconnect: z.boolean(),
});
const cases = vectors(FILE)?.map((entry) => sequence.parse(entry));

describe.skipIf(cases === undefined)(`byte sequences of ${FILE} (skipped where the file is absent)`, () => {
  test.each(cases ?? [])('$id', async ({ steps, expect_disconnect }) => {
    const { port } = await startBroker();
    const client = await rawClient(port);
    for (const { send, recv } of steps) {
      if (send !== undefined) client.send(send);
      if (recv !== undefined) await client.expect(recv);
    }
    if (expect_disconnect) {
      await until(client.closed, 'the broker closes the connection');
      expect(client.received().toString('hex')).toBe('');
    } else {
      client.send('c000');
      await client.expect('d000');
      expect(client.closed()).toBe(false);
    }
  });
});
