import { play } from '../../../firmware-sim/play.ts';
import type { Progress } from '../../../firmware-sim/progress.ts';
import type { Scenario } from '../../../firmware-sim/scenario.ts';
import type { Format } from '../../../firmware-sim/senml.ts';
import { type FakeClock, fakeClock } from './fake-clock.ts';

export interface Sent {
  readonly atSeconds: number;
  readonly device: string;
  readonly payload: Uint8Array;
  readonly urgent: boolean;
}

export interface RehearsalOptions {
  readonly format?: Format | 'both';
  readonly epochMs?: number;
  readonly onSent?: (sent: Sent, command: (device: string, body: unknown) => void) => void;
  readonly clock?: FakeClock;
}

export interface Rehearsal {
  readonly sent: readonly Sent[];
  readonly told: readonly Progress[];
}

/** Plays a scenario without a broker, one scenario second a fake second. */
export const rehearse = async (scenario: Scenario, options: RehearsalOptions = {}): Promise<Rehearsal> => {
  const clock = options.clock ?? fakeClock();
  const sent: Sent[] = [];
  const told: Progress[] = [];
  const inboxes = new Map<string, (payload: Uint8Array) => void>();
  const command = (device: string, body: unknown): void => {
    inboxes.get(device)?.(new TextEncoder().encode(JSON.stringify(body)));
  };
  const { ended } = play({
    scenario,
    broker: 'none',
    venueId: 'rehearsal',
    epochMs: options.epochMs ?? 1_700_000_000_000,
    speed: 1,
    startAtMs: 0,
    format: options.format ?? 'both',
    secrets: new Map(),
    clock,
    tell: (progress) => told.push(progress),
    connect: ({ device, onCommand, onReady }) => {
      let open = false;
      inboxes.set(device, (payload) => open && onCommand(payload));
      return {
        open: () => {
          open = true;
          onReady();
        },
        send: (payload, urgent) => {
          const message = { atSeconds: clock.nowMs() / 1000, device, payload, urgent };
          sent.push(message);
          options.onSent?.(message, command);
        },
        cut: () => {
          open = false;
        },
        close: () => Promise.resolve(),
        dropped: 0,
        waiting: 0,
      };
    },
  });
  await clock.run(scenario.durationSeconds * 1000);
  await ended;
  return { sent, told };
};
