import { Gauge, type Registry } from 'prom-client';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { SEVERITIES } from '../../../rules/rule.ts';
import type { Health } from '../contract.ts';

/** What the gateway's own metrics are read from. */
export interface GatewaySight {
  readonly hotPath: {
    openAlarms(): readonly Alarm[];
    readonly intake: { readonly lastFrameMs: ReadonlyMap<string, number> };
  };
}

const bySeverity = (gauge: Gauge, alarms: readonly Alarm[]): void => {
  for (const severity of SEVERITIES) {
    gauge.set({ severity }, alarms.filter((alarm) => alarm.severity === severity).length);
  }
};

const alarmGauges = (registry: Registry, { hotPath }: GatewaySight): void => {
  const common = { labelNames: ['severity'], registers: [registry] };
  new Gauge({
    ...common,
    name: 'muster_alarms_open',
    help: 'Open alarms, by severity.',
    collect() {
      bySeverity(this, hotPath.openAlarms());
    },
  });
  new Gauge({
    ...common,
    name: 'muster_alarms_unacknowledged',
    help: 'Open alarms that nobody has acknowledged, by severity.',
    collect() {
      bySeverity(
        this,
        hotPath.openAlarms().filter(({ human }) => human === 'unacknowledged'),
      );
    },
  });
};

const sourceGauge = (registry: Registry, { hotPath }: GatewaySight): Gauge =>
  new Gauge({
    name: 'muster_source_last_frame_timestamp_seconds',
    help: 'When a source last gave a frame.',
    labelNames: ['source'],
    registers: [registry],
    collect() {
      for (const [source, ms] of hotPath.intake.lastFrameMs) this.set({ source }, ms / 1000);
    },
  });

/** Alarms, sources, and what the gateway says of itself; the answer takes each new word of it. */
export const measureGateway = (registry: Registry, sight: GatewaySight): ((health: Health) => void) => {
  const registers = [registry];
  alarmGauges(registry, sight);
  sourceGauge(registry, sight);
  const info = new Gauge({ name: 'muster_info', help: 'What runs.', labelNames: ['version', 'venue'], registers });
  const started = new Gauge({ name: 'muster_start_time_seconds', help: 'When the gateway was started.', registers });
  const problems = new Gauge({
    name: 'muster_degraded',
    help: 'What is wrong with the gateway, by name.',
    labelNames: ['problem'],
    registers,
  });
  return ({ version, venue, startedAt, problems: names }) => {
    info.set({ version, venue }, 1);
    started.set(Date.parse(startedAt) / 1000);
    problems.reset();
    for (const problem of names) problems.set({ problem }, 1);
  };
};
