import type { Frame } from '../../model/frame.ts';
import type { Decoded } from '../../model/sample.ts';
import { createOccurrence, msOfSeconds, stampOf } from '../../model/stamp.ts';
import { cutText, onlyFailures, startFindings, textOrNull } from '../findings.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from '../json.ts';

const MAX_ZONES = 32;

const zonesOf = (raw: unknown): string => {
  if (!Array.isArray(raw)) return '';
  const zones: readonly unknown[] = raw.slice(0, MAX_ZONES);
  return cutText(zones.filter((zone) => typeof zone === 'string').join(','));
};

const CHANGES: ReadonlySet<unknown> = new Set(['new', 'update', 'end']);

/**
 * What is kept of a tracked object. `sub_label`, faces and number plates name a person and are not copied, whatever
 * they hold.
 */
const attributesOf = (change: string, object: JsonObject) => ({
  change,
  id: textOrNull(object.id),
  label: textOrNull(object.label),
  zones: zonesOf(object.current_zones),
  enteredZones: zonesOf(object.entered_zones),
  stationary: object.stationary === true,
});

/** `frigate/events`: an object that a camera began to track, saw change, or lost. */
export const decodeTrackedObject = (frame: Frame): Decoded => {
  const findings = startFindings();
  const message = parseJsonObject(frame.payload, findings.failures);
  if (message === undefined) return onlyFailures(findings.failures);
  const { type, after } = message;
  if (!CHANGES.has(type) || !isJsonObject(after) || typeof after.id !== 'string' || typeof after.camera !== 'string') {
    findings.failures.push({ code: 'wrong-shape', where: 'after', expected: 'type, and after with id and camera' });
    return onlyFailures(findings.failures);
  }
  const change = `${type}`;
  const stamp = stampOf(msOfSeconds(after.frame_time), frame.arrivedMs, 'after.frame_time', findings.failures);
  // One object has many messages: the identity is the object, the change and its moment.
  const id = cutText(`${after.id}.${change}.${typeof after.frame_time === 'number' ? after.frame_time : ''}`);
  findings.occurrences.push(
    createOccurrence(cutText(after.camera), 'detection', id, stamp, frame, attributesOf(change, after)),
  );
  return findings;
};

/** Descriptions, faces, plates, triggers: that there was one, of which object; never who or what it said. */
export const decodeObjectNote = (frame: Frame, note: string): Decoded => {
  const findings = startFindings();
  const message = parseJsonObject(frame.payload, findings.failures);
  if (message === undefined) return onlyFailures(findings.failures);
  const stamp = stampOf(msOfSeconds(message.timestamp), frame.arrivedMs, 'timestamp', findings.failures);
  const attributes = { note, type: textOrNull(message.type), id: textOrNull(message.id ?? message.event_id) };
  const device = textOrNull(message.camera) ?? 'frigate';
  findings.occurrences.push(createOccurrence(device, 'log', undefined, stamp, frame, attributes));
  return findings;
};
