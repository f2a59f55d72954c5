/** What systemd told the process it started, sd_notify(3) and sd_watchdog_enabled(3). */
export interface ServiceSettings {
  /** Without a sign of life for so long it ends the process and starts another; undefined: it does not watch. */
  readonly watchdogMs?: number;
}

/** Undefined: nobody wants to be told; the gateway was not started as a service of Type=notify. */
export const serviceSettingsOf = (
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): ServiceSettings | undefined => {
  const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID } = environment;
  if (!NOTIFY_SOCKET) return undefined;
  const watchdogMs = Number(WATCHDOG_USEC) / 1000;
  const isForUs = !WATCHDOG_PID || Number(WATCHDOG_PID) === pid;
  return isForUs && watchdogMs > 0 ? { watchdogMs } : {};
};
