import { device, venueOf } from '../stage.ts';
import { every, sample, times } from './act.ts';
import { castOf, company } from './cast.ts';

const clima = { profile: 'climate', role: undefined, reports: { everySeconds: 10 } };
export const celsius = (temperatureCelsius: number) => sample('t1', { temperatureCelsius });
export const air = (temperatureCelsius: number, humidityPercent: number) =>
  sample('t1', { temperatureCelsius, humidityPercent });

export const threshold = castOf(
  company(
    {
      kind: 'threshold',
      metric: 'temperatureCelsius',
      above: { orange: 50, red: 60 },
      below: { yellow: 0 },
      holdSeconds: 5,
      clearSeconds: 5,
      deadband: 2,
    },
    venueOf([device('t1', clima)]),
  ),
  {
    says: [20, 49, 50, 57, 60, 70, 0, -5, 1].map(celsius),
    scenes: [every(4, times(4, celsius(55))), every(4, times(4, celsius(20)))],
    waitSeconds: [1, 5, 10, 40],
  },
);

const rises = (from: number, step: number) =>
  every(
    10,
    [0, 1, 2, 3, 4, 5, 6].map((index) => celsius(from + index * step)),
  );

export const rateOfChange = castOf(
  company(
    { kind: 'rate-of-change', windowSeconds: 60, holdSeconds: 8, clearSeconds: 15, latching: false },
    venueOf([device('t1', clima)]),
  ),
  {
    says: [20, 30, 32].map(celsius),
    scenes: [rises(20, 1.2), rises(20, 3), rises(30, 0)],
    waitSeconds: [1, 10, 40, 70],
  },
);

export const heatIndex = castOf(
  company({ kind: 'heat-index', holdSeconds: 5, clearSeconds: 5, staleSeconds: 25 }, venueOf([device('t1', clima)])),
  {
    says: [celsius(36), celsius(24), sample('t1', { humidityPercent: 60 }), air(35, 60), air(35, 40), air(24, 50)],
    scenes: [every(4, times(3, air(35, 60))), every(4, times(3, air(24, 50))), every(4, times(8, celsius(36)))],
    waitSeconds: [1, 5, 10, 40],
  },
);

export const cell = (batteryPercent: number) => sample('b1', { batteryPercent });

export const batteryLow = castOf(
  company(
    { kind: 'battery-low', holdSeconds: 5, clearSeconds: 5 },
    venueOf([device('b1', { reports: { everySeconds: 10 } })]),
  ),
  {
    says: [cell(50), cell(10), cell(12), cell(4), sample('b1', { charging: 1 }), sample('b1', { charging: 0 })],
    scenes: [every(4, times(4, cell(9))), every(4, times(4, cell(40)))],
    waitSeconds: [1, 5, 10, 40],
  },
);

const clamp = { profile: 'current-clamp', role: undefined, ratedAmps: { '': 32 }, reports: { everySeconds: 10 } };
export const amps = (currentAmps: number, channel = '') => sample('clamp', { currentAmps }, channel);

export const overcurrent = castOf(
  company(
    { kind: 'overcurrent', continuousSeconds: 20, clearSeconds: 10, resetSeconds: 20 },
    venueOf([device('clamp', clamp)]),
  ),
  {
    says: [5, 26, 30, 31, 33, 64, 200].flatMap((each) => [amps(each), amps(each, 'a')]),
    scenes: [
      every(5, times(5, amps(41))),
      every(5, times(5, amps(5))),
      every(6, times(4, amps(45, 'a'))),
      every(9, times(4, amps(30))),
    ],
    waitSeconds: [1, 5, 10, 40],
  },
);

export const phases = (a: number, b: number, c: number) => [amps(a, 'a'), amps(b, 'b'), amps(c, 'c')];

export const phaseImbalance = castOf(
  company({ kind: 'phase-imbalance', holdSeconds: 5, clearSeconds: 5 }, venueOf([device('clamp', clamp)])),
  {
    says: [...phases(20, 20, 20), ...phases(5, 60, 30)],
    scenes: [
      every(2, [...phases(20, 20, 20), ...phases(20, 20, 20)]),
      every(2, [...phases(40, 10, 10), ...phases(40, 10, 10)]),
      every(6, times(7, amps(30, 'a'))),
    ],
    waitSeconds: [1, 5, 10, 40],
  },
);

export const measures = (value: number | undefined, part = '') => ({
  figure: { measure: 'loopLagMilliseconds', part, value },
});

export const gatewayHealth = castOf(
  company({ kind: 'gateway-health', holdSeconds: 4, clearSeconds: 6, latching: false }, venueOf([])),
  {
    says: [0, 1200, 950, 4000, undefined].flatMap((value) => [measures(value), measures(value, 'x')]),
    scenes: [every(2, times(3, measures(2000))), every(2, times(4, measures(10)))],
    waitSeconds: [1, 4, 6, 20],
  },
);
