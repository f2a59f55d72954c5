import type { Device } from '../../../ingest/model/device.ts';
import type { MetricName } from '../../../ingest/model/metrics.ts';
import type { Rule } from '../../../rules/rule.ts';
import type { Threshold } from '../contract.ts';

/** The limits that a chart of one metric of a device's channel should show. */
export const thresholdsOf = (
  rules: readonly Rule[],
  device: Device | undefined,
  channel: string,
  metric: MetricName,
): readonly Threshold[] =>
  device === undefined
    ? []
    : rules.flatMap((rule) =>
        (rule.limitsOf?.(device, channel, metric) ?? []).map((limit) => ({ rule: rule.id, kind: rule.kind, ...limit })),
      );
