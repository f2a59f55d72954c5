import type { Frame } from '../../model/frame.ts';
import type { Decoded, DecodeFailure } from '../../model/sample.ts';
import { createOccurrence, msOfDate, stampOf } from '../../model/stamp.ts';
import type { About } from '../about.ts';
import { defineDecoder } from '../decoder.ts';
import { NOTHING, onlyFailures, withOccurrence } from '../findings.ts';
import { type JsonObject, parseJsonObject } from '../json.ts';

const MAX_CHARACTERS = 256;

/** A text of its own: one that was cut would be another one. */
const readText = (message: JsonObject, key: string, failures: DecodeFailure[]): string => {
  const raw = message[key];
  const text = key === 'recordId' && Number.isSafeInteger(raw) ? String(raw) : raw;
  if (typeof text === 'string' && text !== '' && text.length <= MAX_CHARACTERS) return text;
  const expected = `a text of 1 to ${MAX_CHARACTERS} characters`;
  failures.push({ code: raw === undefined ? 'wrong-shape' : 'wrong-type', where: key, expected });
  return '';
};

const decodeAccess = (frame: Frame, reader: string): Decoded => {
  const failures: DecodeFailure[] = [];
  const message = parseJsonObject(frame.payload, failures);
  if (message === undefined) return onlyFailures(failures);
  const address = readText(message, 'address', failures);
  const account = readText(message, 'account', failures);
  const recordId = readText(message, 'recordId', failures);
  if (failures.length > 0) return onlyFailures(failures);
  const stamp = stampOf(msOfDate(message.time), frame.arrivedMs, 'time', failures);
  const attributes = { address, account, recordId };
  const { occurrences, samples } = withOccurrence(
    createOccurrence(reader, 'access', recordId, stamp, frame, attributes),
  );
  return { samples, occurrences, failures };
};

const ABOUT: About = {
  devices: {
    zh: '门禁、票务及人员档案系统的访问记录：{ address, account, recordId }',
    en: 'access logs of doors, ticketing and personnel records: { address, account, recordId }',
  },
  specification: 'https://www.rfc-editor.org/rfc/rfc8259',
  examples: [
    {
      address: 'muster/riverside/access/records',
      payload: '{"address":"10.0.0.7","account":"li.wei","recordId":"R-20931","time":"2026-01-01T00:00:00Z"}',
    },
  ],
  notes: {
    zh: 'address：从何处读取；account：由谁读取；recordId：读取了什么，也是重复消息的标识；time 可省略（ISO 8601）。发布者需在 venue.yaml 的 publish 中获准该主题。',
    en: 'address: where from; account: by whom; recordId: what was read, and how a repetition is known; time may be absent (ISO 8601). Who publishes needs that topic under publish in venue.yaml.',
  },
};

/** Records that were read, one a message. Device: the last level of the topic, the system that logs. */
export const accessLogDecoder = defineDecoder({
  kind: 'access',
  topics: ['muster/{venue}/access/{reader}'],
  about: ABOUT,
  decode: (frame, { params: { reader } }) => (reader === undefined ? NOTHING : decodeAccess(frame, reader)),
});
