import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { decodeFrame } from '../../../ingest/decoders/decode-frame.ts';
import type { Decoder } from '../../../ingest/decoders/decoder.ts';
import { DECODERS } from '../../../ingest/decoders/index.ts';
import { createMemories } from '../../../ingest/decoders/memories.ts';
import { createRouter } from '../../../ingest/decoders/router.ts';
import { mqttFrame } from '../../../ingest/model/frame.ts';

const ROOT = new URL('../../..', import.meta.url).pathname;
const page = readFileSync(join(ROOT, 'gateway/docs/adding-a-device.md'), 'utf8');

/** The page's decoder, as a module beside which its imports lie. */
const decoderOfPage = async (): Promise<Decoder> => {
  const [, source = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const rooted = source.replaceAll("'../../", `'${ROOT}ingest/`).replaceAll("'../", `'${ROOT}ingest/decoders/`);
  const folder = mkdtempSync(join(tmpdir(), 'muster-page-'));
  try {
    const file = join(folder, 'blower.ts');
    writeFileSync(file, rooted);
    const module: unknown = await import(/* @vite-ignore */ file);
    return z.object({ blowerDecoder: z.custom<Decoder>((value) => value !== undefined) }).parse(module).blowerDecoder;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test('the worked example does what its page says', async () => {
  const blower = await decoderOfPage();
  const router = createRouter([blower, ...DECODERS]);
  const [, payload = ''] = /\n {4}(\{"t_f".*\})\n/.exec(page) ?? [];
  const report = (text: string) =>
    decodeFrame(mqttFrame('s', 'blower/hall-2/report', Buffer.from(text), 42), router, createMemories());
  expect(report(payload)).toMatchObject({
    kind: 'blower',
    decoded: {
      samples: [{ device: 'hall-2', sequence: 117, metrics: { temperatureCelsius: 20, currentAmps: 3.25 } }],
      failures: [],
    },
  });
  expect(report('{"t_f":"hot","amps":3.25}').decoded).toMatchObject({
    samples: [{ metrics: { currentAmps: 3.25 } }],
    failures: [{ code: 'wrong-type', where: 't_f' }],
  });
});

test('before that, nobody takes the topic', () => {
  const frame = mqttFrame('s', 'blower/hall-2/report', Buffer.from('{}'), 42);
  const { decoded } = decodeFrame(frame, createRouter(DECODERS), createMemories());
  expect(decoded.failures).toMatchObject([{ code: 'unknown-topic' }]);
});
