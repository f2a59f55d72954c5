import type { Finding } from '../finding.ts';
import type { Registry } from '../registry.ts';
import type { VenueConfig } from '../schema.ts';
import type { Lint, LintContext } from './lint.ts';
import { pathOf } from './lint.ts';

type BusSource = Extract<VenueConfig['sources'][number], { kind: 'modbus-rtu' | 'modbus-tcp' }>;
type Device = NonNullable<ReturnType<Registry['resolve']>>;

const finding = (context: LintContext, device: Device, asked: number, expected: number): Finding => ({
  code: 'polled-too-rarely',
  severity: 'finding',
  path: pathOf(context, device),
  message: {
    zh: `总线每 ${asked} s 读取一次，而该设备应每 ${expected} s 上报：会被当作失联`,
    en: `its bus reads it every ${asked} s, and it is expected to report every ${expected} s: it will pass for silent`,
  },
  advice: {
    zh: `把 units 中的 everySeconds 设为至多 ${expected}，或在 reports 中写明 ${asked}`,
    en: `Set everySeconds of its unit to at most ${expected}, or say ${asked} in its reports`,
  },
});

const ofBus = (context: LintContext, { id, units }: BusSource): readonly Finding[] =>
  units.flatMap(({ unit, everySeconds }) => {
    const device = context.registry.resolve('modbus', `${id}/${unit}`);
    const reports = device?.reports;
    if (device === undefined || reports === undefined || !('everySeconds' in reports)) return [];
    return everySeconds > reports.everySeconds ? [finding(context, device, everySeconds, reports.everySeconds)] : [];
  });

/** Devices that the bus asks less often than they are expected to report. */
export const modbusPace: Lint = (context) =>
  context.config.sources.flatMap((source) =>
    source.kind === 'modbus-rtu' || source.kind === 'modbus-tcp' ? ofBus(context, source) : [],
  );
