import { z } from 'zod';
import type { AckHandler } from '../broker/messages/publishes.ts';
import type { HotPath } from '../hot-path.ts';
import type { Log } from '../log.ts';

const COMMENT_CHARACTERS = 500;

const ackSchema = z.object({ comment: z.string().optional() });

/** The comment of an acknowledgement; a payload that cannot be read does not stop somebody from taking an alarm on. */
const commentOf = (payload: Uint8Array): string | undefined => {
  try {
    const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
    return ackSchema.parse(JSON.parse(text)).comment?.slice(0, COMMENT_CHARACTERS);
  } catch {
    return undefined;
  }
};

/**
 * `muster/<venue>/alarm/<id>/ack`: who acknowledges is the credential, never what the payload says, and it takes the role
 * guard, whatever topic patterns the credential was granted. Its sender is answered once that is kept.
 */
export const acknowledgements =
  (hotPath: HotPath, commit: (done: () => void) => void, log: Log): AckHandler =>
  ({ alarmId, payload, client, role }, settle) => {
    if (role !== 'guard') {
      log.warn({ alarm: alarmId, by: client }, 'acknowledgement refused: the credential does not have the role guard');
      settle?.();
      return;
    }
    const by = client ?? 'anonymous';
    const result = hotPath.act({ type: 'acknowledge', alarm: alarmId, by, comment: commentOf(payload) });
    if (result.ok) log.info({ alarm: alarmId, by, already: result.already }, 'alarm acknowledged');
    else log.warn({ alarm: alarmId, by, reason: result.reason }, 'acknowledgement of an alarm that is not open');
    if (settle !== undefined) commit(settle);
  };
