import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { SEVERITIES } from '../../../rules/rule.ts';
import type { ProblemCode } from '../../api/problems.ts';
import type { HotPath } from '../../hot-path.ts';
import type { OutboxEntry } from '../notice.ts';
import { isLocalAddress } from './lan.ts';
import { type Link, readLink, signLink } from './token.ts';

/** Why a link does nothing; a code of the HTTP side's problems. */
export type LinkRefusal = Extract<
  ProblemCode,
  | 'link-forged'
  | 'link-expired'
  | 'link-used'
  | 'link-outside'
  | 'link-name'
  | 'link-outdated'
  | 'alarm-not-open'
  | 'already-acknowledged'
  | 'alarm-held'
>;

export type Looked =
  | { readonly ok: true; readonly link: Link; readonly alarm: Alarm }
  | { readonly ok: false; readonly refusal: LinkRefusal; readonly by?: string | undefined };

export type Used = Looked & { readonly by?: string | undefined };

export interface LinksOptions {
  readonly key: Uint8Array;
  /** Those that were used before the start, and until when they would have been valid. */
  readonly used: ReadonlyMap<string, number>;
  readonly hotPath: Pick<HotPath, 'openAlarms' | 'act'>;
  /** The venue's clock, Unix milliseconds. */
  nowMs(): number;
  keep(entry: OutboxEntry): void;
}

/** Links by which an alarm is acknowledged without log-in: once, and from the venue's network. */
export interface Links {
  token(link: Link): string;
  /** Changes nothing: programs that look at links before people do may look as often as they like. */
  look(token: string, address: string | undefined): Looked;
  /** `name`: who says to be acknowledging, beside whom the link names. */
  use(token: string, address: string | undefined, name: string | undefined): Used;
  /** A new store has to know which were used. */
  keepAgain(): void;
  /** By outcome. */
  readonly counters: Readonly<Record<string, number>>;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}\p{M} .,_@'·-]{0,63}$/u;

export const createLinks = ({ key, used: before, hotPath, nowMs, keep }: LinksOptions): Links => {
  const used = new Map(before);
  const counters = {
    acknowledged: 0,
    forged: 0,
    expired: 0,
    usedTwice: 0,
    outside: 0,
    unnamed: 0,
    outdated: 0,
    notOpen: 0,
    held: 0,
    already: 0,
  };
  const COUNTER: Readonly<Record<LinkRefusal, keyof typeof counters>> = {
    'link-forged': 'forged',
    'link-expired': 'expired',
    'link-used': 'usedTwice',
    'link-outside': 'outside',
    'link-name': 'unnamed',
    'link-outdated': 'outdated',
    'alarm-not-open': 'notOpen',
    'alarm-held': 'held',
    'already-acknowledged': 'already',
  };
  const refuse = (refusal: LinkRefusal, by?: string): Looked => ({ ok: false, refusal, by });

  const look = (token: string, address: string | undefined): Looked => {
    if (!isLocalAddress(address)) return refuse('link-outside');
    const link = readLink(key, token);
    if (link === undefined) return refuse('link-forged');
    if (used.has(link.id)) return refuse('link-used');
    if (link.untilMs <= nowMs()) return refuse('link-expired');
    const alarm = hotPath.openAlarms().find(({ id }) => id === link.alarm);
    if (alarm === undefined) return refuse('alarm-not-open');
    if (alarm.human === 'acknowledged') return refuse('already-acknowledged', alarm.acknowledgedBy);
    // Whoever pressed it has not been told how serious it is now.
    if (SEVERITIES.indexOf(alarm.severity) > SEVERITIES.indexOf(link.severity)) return refuse('link-outdated');
    return { ok: true, link, alarm };
  };

  /** Those that have expired are refused as such. */
  const spend = ({ id, untilMs }: Link, atMs: number): void => {
    for (const [old, oldUntilMs] of used) if (oldUntilMs <= atMs) used.delete(old);
    used.set(id, untilMs);
    keep({ type: 'link-used', atMs, link: id, untilMs });
  };

  const use = (token: string, address: string | undefined, name: string | undefined): Used => {
    const looked = look(token, address);
    if (!looked.ok) return looked;
    const { link } = looked;
    if (name !== undefined && !NAME.test(name)) return refuse('link-name');
    const by = `${name ?? link.by} (${link.channel})`;
    const result = hotPath.act({ type: 'acknowledge', alarm: link.alarm, by });
    if (!result.ok) return refuse(result.reason === 'not-open' ? 'alarm-not-open' : 'alarm-held');
    // In the commit of the acknowledgement: after a crash both are there, or neither is.
    spend(link, nowMs());
    return { ok: true, link, alarm: result.alarm ?? looked.alarm, by };
  };

  return {
    token: (link) => signLink(key, link),
    look,
    use: (token, address, name) => {
      const outcome = use(token, address, name);
      counters[outcome.ok ? 'acknowledged' : COUNTER[outcome.refusal]] += 1;
      return outcome;
    },
    keepAgain: () => {
      const atMs = nowMs();
      for (const [link, untilMs] of used) keep({ type: 'link-used', atMs, link, untilMs });
    },
    counters,
  };
};
