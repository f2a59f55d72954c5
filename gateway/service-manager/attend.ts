import type { Clock } from '../broker/clock.ts';
import type { Log } from '../log.ts';
import { probeDisk } from './disk-probe.ts';
import { createMessenger } from './messenger.ts';
import type { Figures } from './progress.ts';
import type { ServiceSettings } from './settings.ts';
import { keepWatch } from './watchdog.ts';

/** systemd asks for half of the time that it waits, sd_watchdog_enabled(3); one that is late must not end the gateway. */
const PINGS_A_WATCH = 3;

/** The gateway as a service: systemd learns when it is ready, that it is alive, and that it ends. */
export interface Attendance {
  /** All sources listen. */
  ready(figures: () => Figures, directory: string): void;
  stopping(): void;
  /** Resolves when systemd knows all that there was to tell. */
  end(): Promise<void>;
}

export const attend = (settings: ServiceSettings, clock: Clock, log: Log): Attendance => {
  const messenger = createMessenger(log);
  let stopWatch = (): void => undefined;
  messenger.tell('STATUS=正在启动 · starting');
  return {
    ready: (figures, directory) => {
      messenger.tell('READY=1');
      if (settings.watchdogMs === undefined) return;
      stopWatch = keepWatch({
        figures,
        probe: () => probeDisk(directory),
        tell: messenger.tell,
        clock,
        everyMs: settings.watchdogMs / PINGS_A_WATCH,
        log,
      });
    },
    stopping: () => messenger.tell('STOPPING=1'),
    end: () => {
      stopWatch();
      return messenger.end();
    },
  };
};
