import { z } from 'zod';
import { numeric } from '../senml.ts';
import { type ActorKind, commonOptions } from './actor.ts';
import { type Ramp, rampAt, rampTo, steady } from './ramp.ts';

export const climateOptions = z.strictObject({
  ...commonOptions,
  type: z.literal('climate'),
  temperatureCelsius: z.number().min(-60).max(200).default(22),
  humidityPercent: z.number().min(0).max(100).default(45),
  driftCelsius: z.number().min(0).max(20).default(0.4).describe('swing around the base, over two hours'),
});

type ClimateOptions = z.output<typeof climateOptions>;

const climateEvent = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('heat'),
    toCelsius: z.number().min(-60).max(1200),
    rampSeconds: z.number().min(0).max(86_400).default(0),
  }),
]);

type ClimateEvent = z.output<typeof climateEvent>;

interface ClimateState {
  readonly options: ClimateOptions;
  /** Part of a turn at which the drift starts. */
  readonly phase: number;
  temperature: Ramp;
  seq: number;
}

const DRIFT_PERIOD_SECONDS = 7200;
const TEMPERATURE_SIGMA_CELSIUS = 0.03;
const HUMIDITY_SIGMA_PERCENT = 0.2;

/** Magnus formula (WMO-No. 8, 2018, annex 4.B): saturation vapour pressure over water, hPa. */
const saturationHectopascals = (celsius: number): number => 6.112 * Math.exp((17.62 * celsius) / (243.12 + celsius));

/** The same water in warmer air: relative humidity falls as the saturation pressure rises. */
const humidityAt = (options: ClimateOptions, celsius: number): number =>
  (options.humidityPercent * saturationHectopascals(options.temperatureCelsius)) / saturationHectopascals(celsius);

/** A temperature and humidity sensor. */
export const climate: ActorKind<ClimateOptions, ClimateState, ClimateEvent> = {
  everySeconds: 30,
  event: climateEvent,
  listens: false,
  start: (options, random) => ({
    options,
    phase: random.next(),
    temperature: steady(options.temperatureCelsius),
    seq: 0,
  }),
  report: (state, atSeconds, random) => {
    state.seq += 1;
    const turns = state.phase + atSeconds / DRIFT_PERIOD_SECONDS;
    const drift = state.options.driftCelsius * Math.sin(2 * Math.PI * turns);
    const celsius = rampAt(state.temperature, atSeconds) + drift + random.gaussian(TEMPERATURE_SIGMA_CELSIUS);
    const humidity = humidityAt(state.options, celsius) + random.gaussian(HUMIDITY_SIGMA_PERCENT);
    return [
      numeric('seq', 'count', state.seq, 0),
      numeric('temperature', 'Cel', celsius, 2),
      numeric('humidity', '%RH', Math.max(0, Math.min(100, humidity)), 1),
    ];
  },
  on: (state, event, atSeconds) => {
    state.temperature = rampTo(state.temperature, event.toCelsius, event.rampSeconds, atSeconds);
    return [];
  },
};
