import type { CatalogueEntry, CatalogueExample } from '../../ingest/decoders/about.ts';
import { CATALOGUE } from '../../ingest/decoders/catalogue.ts';
import { decodeFrame } from '../../ingest/decoders/decode-frame.ts';
import { DECODERS } from '../../ingest/decoders/index.ts';
import { createMemories, type Memories } from '../../ingest/decoders/memories.ts';
import { createRouter } from '../../ingest/decoders/router.ts';
import type { Frame } from '../../ingest/model/frame.ts';
import { isMetricName, METRICS, type Metrics } from '../../ingest/model/metrics.ts';
import type { Decoded, Occurrence, Sample } from '../../ingest/model/sample.ts';

/** 2026-01-01T00:00:01Z: a second after what the examples carry as their time. */
const ARRIVED_MS = 1_767_225_601_000;

const bytesOf = ({ payload, payloadHex }: CatalogueExample): Uint8Array =>
  payload === undefined ? Buffer.from(payloadHex ?? '', 'hex') : Buffer.from(payload);

const frameOf = (transport: CatalogueEntry['transport'], example: CatalogueExample): Frame => ({
  source: 'example',
  transport,
  address: example.address,
  payload: bytesOf(example),
  arrivedMs: ARRIVED_MS,
  retained: false,
  ...(transport === 'ble' ? { rssiDbm: -60 } : {}),
  ...(example.profile === undefined ? {} : { profile: example.profile }),
});

/** What an example gives, decoded as the gateway would. */
export interface Shown {
  readonly example: CatalogueExample;
  readonly kind: string | undefined;
  readonly decoded: Decoded;
}

/** The examples of an entry, one after the other: what one announces, the next rests on. */
export const shownOf = (entry: CatalogueEntry): readonly Shown[] => {
  const router = createRouter(DECODERS);
  const memories: Memories = createMemories();
  return entry.examples.map((example) => ({
    example,
    ...decodeFrame(frameOf(entry.transport, example), router, memories),
  }));
};

const valueText = (metrics: Metrics): string =>
  Object.entries(metrics)
    .map(([name, value]) => {
      const unit = isMetricName(name) ? METRICS[name].unit : '';
      return `${name} ${value}${unit === '1' || unit === '' ? '' : ` ${unit}`}`;
    })
    .join(', ');

const addressOf = (kind: string, { device, channel }: { device: string; channel?: string }): string =>
  channel === undefined || channel === '' ? `${kind}:${device}` : `${kind}:${device}, channel ${channel}`;

const sampleLine = (kind: string, sample: Sample): string => `${addressOf(kind, sample)}: ${valueText(sample.metrics)}`;

const occurrenceLine = (kind: string, occurrence: Occurrence): string => {
  const attributes = Object.entries(occurrence.attributes).map(([name, value]) => `${name} ${value}`);
  return [`${addressOf(kind, { device: occurrence.device })}: ${occurrence.kind}`, ...attributes].join(', ');
};

const resultLines = ({ kind = '', decoded }: Shown): readonly string[] => [
  ...decoded.occurrences.map((occurrence) => occurrenceLine(kind, occurrence)),
  ...decoded.samples.map((sample) => sampleLine(kind, sample)),
  ...(decoded.hearings ?? []).map(({ device, receiver }) => `${addressOf(kind, { device })}: heard by ${receiver}`),
];

const exampleLines = (shown: Shown): readonly string[] => {
  const { address, payload, payloadHex = '', profile } = shown.example;
  return [
    `    ${address}${profile === undefined ? '' : ` (${profile})`}`,
    `    ${payload ?? payloadHex}`,
    ...resultLines(shown).map((line) => `    → ${line}`),
  ];
};

/** Plain text for people, in Markdown: `<` would begin a tag. */
const said = (text: string): string => text.replaceAll('<', '\\<');

const entryLines = (entry: CatalogueEntry): readonly string[] => {
  const { kind, topics, devices, specification, notes } = entry;
  return [
    `### ${said(devices.en)}`,
    '',
    said(devices.zh),
    '',
    `- \`address: "${kind}:…"\``,
    ...(topics === undefined ? [] : [`- ${topics.map((topic) => `\`${topic}\``).join(', ')}`]),
    `- <${specification}>`,
    ...(notes === undefined ? [] : ['', said(notes.en), '', said(notes.zh)]),
    '',
    ...shownOf(entry).flatMap((shown, index) => [...(index === 0 ? [] : ['    ']), ...exampleLines(shown)]),
    '',
  ];
};

const PARTS: readonly (readonly [transport: CatalogueEntry['transport'], title: string])[] = [
  ['mqtt', 'Over MQTT · 经 MQTT'],
  ['ble', 'Bluetooth LE adverts · 蓝牙广播'],
  ['serial', 'Serial lines · 串口'],
  ['modbus', 'Modbus'],
];

const HEAD = [
  '# Device catalogue · 设备目录',
  '',
  'Written by `npm run catalogue` from the decoders: each example is decoded here as the gateway decodes it, and `→` is what',
  'came of it. Of a topic, `{name}` is one level, `{name...}` the rest; what is captured as `device` (or named with `→`) is what',
  'follows the colon in `address` of venue.yaml. HTTP (`POST /api/v1/ingest`) takes the same topics. One more format:',
  '[adding-a-device.md](adding-a-device.md). Quantities, units and fields: [formats.md](formats.md).',
  '',
  '由 `npm run catalogue` 从解码器生成：每个例子都照网关的方式解码，`→` 为结果，也是 venue.yaml 中 `address` 冒号后的名称。',
  '',
];

/** The catalogue as a page. */
export const cataloguePage = (): string => {
  const parts = PARTS.flatMap(([transport, title]) => {
    const entries = CATALOGUE.filter((entry) => entry.transport === transport);
    return entries.length === 0 ? [] : [`## ${title}`, '', ...entries.flatMap(entryLines)];
  });
  return `${[...HEAD, ...parts].join('\n').trimEnd()}\n`;
};
