import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readPayload, type SparkplugMetric } from '../../../../ingest/decoders/sparkplug/payload.ts';
import { numberOf } from '../../../../ingest/decoders/sparkplug/value.ts';
import { vectors } from '../../../shared-vectors.ts';
import { codesOf, startSession } from '../decoding.ts';

const cases = vectors('sparkplug_b.jsonl');

const DATATYPES: Readonly<Record<string, number>> = { UInt64: 8, Float: 9, Boolean: 11, String: 12 };

const metricSchema = z.object({
  name: z.string(),
  alias: z.number().optional(),
  timestamp: z.number(),
  dataType: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
});
const caseSchema = z.object({
  id: z.string(),
  topic: z.string().nullable(),
  payload_hex: z.string(),
  expected: z.object({
    timestamp: z.number().optional(),
    seq: z.number().optional(),
    metrics: z.array(metricSchema).optional(),
    metric_count: z.number().optional(),
  }),
});

const shown = ({ name, alias, timestampMs, datatype, value }: SparkplugMetric) => ({
  name,
  alias: alias === undefined ? undefined : Number(alias),
  timestamp: timestampMs,
  datatype,
  value: value?.type === 'string' ? value.value : value === undefined ? undefined : numberOf(value, datatype),
});

describe.skipIf(cases === undefined)('shared Sparkplug vectors (needs ../shared/vectors)', () => {
  const parsed = (cases ?? []).map((each) => caseSchema.parse(each));

  it('has cases', () => expect(parsed.length).toBeGreaterThan(6));

  it.each(parsed.map((each) => [each.id, each] as const))('%s', (_id, { payload_hex: hex, expected }) => {
    const payload = readPayload(Buffer.from(hex, 'hex'));
    expect(payload?.metrics).toHaveLength(expected.metric_count ?? expected.metrics?.length ?? -1);
    if (expected.metrics === undefined) return;
    expect(payload).toMatchObject({ timestampMs: expected.timestamp, seq: expected.seq });
    expect(payload?.metrics.map(shown)).toEqual(
      expected.metrics.map(({ dataType, value, ...same }) => ({
        alias: undefined,
        ...same,
        datatype: DATATYPES[dataType],
        value: typeof value === 'boolean' ? Number(value) : value,
      })),
    );
  });

  it.each(parsed.map((each) => [each.id, each] as const))('%s, cut off anywhere', (_id, { payload_hex: hex }) => {
    const bytes = Buffer.from(hex, 'hex');
    for (let length = 0; length < bytes.length; length += 1) {
      const decoded = startSession().decode('spBv1.0/g/NBIRTH/n', bytes.subarray(0, length));
      for (const code of codesOf(decoded)) expect(['not-protobuf', 'wrong-shape']).toContain(code);
    }
  });

  it('a birth explains the alias of the data after it', () => {
    const session = startSession();
    const hexOf = (id: string) => Buffer.from(parsed.find((each) => each.id === id)?.payload_hex ?? '', 'hex');
    const birth = session.decode('spBv1.0/g/NBIRTH/n', hexOf('benthos-umh/NBIRTH_V1'));
    expect(birth).toMatchObject({ failures: [], samples: [{ device: 'g/n', metrics: { temperatureCelsius: 21.5 } }] });
    const data = session.decode('spBv1.0/g/NDATA/n', hexOf('benthos-umh/NDATA_V1'));
    expect(data).toMatchObject({ failures: [], samples: [{ device: 'g/n', metrics: { temperatureCelsius: 22.5 } }] });
  });

  it('alone, that data is refused and a rebirth asked for', () => {
    const hex = parsed.find((each) => each.id === 'benthos-umh/NDATA_V1')?.payload_hex ?? '';
    const data = startSession().decode('spBv1.0/g/NDATA/n', Buffer.from(hex, 'hex'));
    expect(data.samples).toEqual([]);
    expect(codesOf(data)).toContain('before-birth');
    expect(data.requests).toHaveLength(1);
  });
});
