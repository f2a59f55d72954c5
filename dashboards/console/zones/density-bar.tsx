import type { JSX } from 'preact';
import { SEVERITIES, type Severity } from '../state/alarms.ts';

export type Limits = Readonly<Partial<Record<Severity, number>>>;

export interface DensityBarProps {
  readonly value: number | undefined;
  readonly limits: Limits;
  readonly certainty: 'known' | 'stale' | 'unknown';
  readonly label: string;
}

/** How much of the bar lies beyond its gravest limit. */
const BEYOND = 1.15;

/** The gravest limit that a value reaches. */
export const reached = (value: number, limits: Limits): Severity | undefined =>
  SEVERITIES.find((severity) => {
    const limit = limits[severity];
    return limit !== undefined && value >= limit;
  });

const percent = (value: number, full: number): string =>
  `${Math.min(100, Math.max(0, (value / full) * 100)).toFixed(2)}%`;

/** A value against its limits, each a mark in its colour with its figure under it. An uncertain value is hatched. */
export const DensityBar = ({ value, limits, certainty, label }: DensityBarProps): JSX.Element => {
  const marks = SEVERITIES.flatMap((severity) => {
    const limit = limits[severity];
    return limit === undefined ? [] : [{ severity, limit }];
  });
  const full = Math.max(...marks.map(({ limit }) => limit), value ?? 0, Number.MIN_VALUE) * BEYOND;
  const level = value === undefined ? undefined : reached(value, limits);
  return (
    <div class="density" role="img" aria-label={label}>
      <div class={`density-track density-${certainty}`}>
        {value === undefined ? null : (
          <div
            class={`density-fill ${level === undefined ? '' : `fill-${level}`}`}
            style={{ width: percent(value, full) }}
          />
        )}
        {marks.map(({ severity, limit }) => (
          <span key={severity} class={`density-mark mark-${severity}`} style={{ left: percent(limit, full) }} />
        ))}
      </div>
      <div class="density-scale" aria-hidden="true">
        {marks.map(({ severity, limit }) => (
          <span key={severity} style={{ left: percent(limit, full) }}>
            {limit}
          </span>
        ))}
      </div>
    </div>
  );
};
