import { z } from 'zod';
import type { SenmlRecord } from '../senml.ts';

/** The devices that an actor can be on a bus. */
export const modbusDevice = z
  .enum(['pzem-004t-v3', 'sdm120', 'sdm230', 'sdm630', 'xy-md02'])
  .describe('whose registers it has');

export type ModbusDevice = z.output<typeof modbusDevice>;

/** Words by register address. */
export type Registers = ReadonlyMap<number, number>;

/** What a device lets be read: function, first and last register, and how many at once. */
export interface RegisterSpace {
  readonly functionCodes: readonly number[];
  readonly first: number;
  readonly last: number;
  readonly most: number;
  /** Quantities of two registers, which no request may cut in half. */
  readonly pairs: boolean;
}

const EASTRON_SPACE: RegisterSpace = { functionCodes: [4], first: 0, last: 0x0157, most: 60, pairs: true };

export const spaceOf = (device: ModbusDevice): RegisterSpace => {
  switch (device) {
    case 'pzem-004t-v3':
      return { functionCodes: [3, 4], first: 0, last: 9, most: 10, pairs: false };
    case 'xy-md02':
      return { functionCodes: [4], first: 1, last: 2, most: 2, pairs: false };
    case 'sdm120':
    case 'sdm230':
    case 'sdm630':
      return EASTRON_SPACE;
  }
};

/** Mains of Europe and China. */
const HERTZ = 50;

interface Circuit {
  readonly volts: number;
  readonly amps: number;
  readonly watts: number;
}

const circuitIn = (records: readonly SenmlRecord[], channel: string): Circuit => {
  const value = (quantity: string): number =>
    records.find(({ n }) => n === (channel === '' ? quantity : `${quantity}/${channel}`))?.v ?? 0;
  return { volts: value('voltage'), amps: value('current'), watts: value('power') };
};

const powerFactorOf = ({ volts, amps, watts }: Circuit): number => (volts * amps === 0 ? 1 : watts / (volts * amps));

const word = (value: number): number => Math.max(0, Math.min(0xffff, Math.round(value)));

/** PZEM-004T V3.0 user manual, 2.3: current, power and energy are a low and a high word. */
const pzem = (records: readonly SenmlRecord[], wattHours: number): Registers => {
  const circuit = circuitIn(records, '');
  const wide = (value: number): readonly [number, number] => {
    const whole = Math.max(0, Math.round(value));
    return [whole % 0x1_0000, Math.floor(whole / 0x1_0000)];
  };
  const words = [
    word(circuit.volts * 10),
    ...wide(circuit.amps * 1000),
    ...wide(circuit.watts * 10),
    ...wide(wattHours),
    word(HERTZ * 10),
    word(powerFactorOf(circuit) * 100),
    0,
  ];
  return new Map(words.entries());
};

/** XY-MD02 manual: temperature in tenths of a degree, two's complement; humidity in tenths of a percent. */
const thermometer = (records: readonly SenmlRecord[]): Registers => {
  const value = (name: string): number => records.find(({ n }) => n === name)?.v ?? 0;
  const tenths = Math.round(value('temperature') * 10);
  return new Map([
    [1, (tenths + 0x1_0000) % 0x1_0000],
    [2, word(value('humidity') * 10)],
  ]);
};

/** Eastron's meters: IEEE 754 floats, high word first. Everything by its address in the protocol's table. */
const floats = (values: readonly (readonly [address: number, value: number])[]): Registers => {
  const view = new DataView(new ArrayBuffer(4));
  const registers = new Map<number, number>();
  for (const [address, value] of values) {
    view.setFloat32(0, value);
    registers.set(address, view.getUint16(0)).set(address + 1, view.getUint16(2));
  }
  return registers;
};

const apparentOf = ({ volts, amps }: Circuit): number => volts * amps;
const reactiveOf = (circuit: Circuit): number => Math.sqrt(Math.max(0, apparentOf(circuit) ** 2 - circuit.watts ** 2));

const singlePhase = (records: readonly SenmlRecord[], wattHours: number): Registers => {
  const circuit = circuitIn(records, '');
  return floats([
    [0x00, circuit.volts],
    [0x06, circuit.amps],
    [0x0c, circuit.watts],
    [0x12, apparentOf(circuit)],
    [0x18, reactiveOf(circuit)],
    [0x1e, powerFactorOf(circuit)],
    [0x46, HERTZ],
    [0x48, wattHours / 1000],
  ]);
};

const PHASES = ['a', 'b', 'c'] as const;

const threePhase = (records: readonly SenmlRecord[], wattHours: number): Registers => {
  const phases = PHASES.map((phase) => circuitIn(records, phase));
  const sum = (of: (circuit: Circuit) => number): number => phases.reduce((total, phase) => total + of(phase), 0);
  const watts = sum(({ watts: each }) => each);
  const apparent = sum(apparentOf);
  const [a = 0, b = 0, c = 0] = phases.map(({ amps }) => amps);
  return floats([
    ...phases.flatMap((circuit, index): [number, number][] => [
      [0x00 + 2 * index, circuit.volts],
      [0x06 + 2 * index, circuit.amps],
      [0x0c + 2 * index, circuit.watts],
      [0x12 + 2 * index, apparentOf(circuit)],
      [0x18 + 2 * index, reactiveOf(circuit)],
      [0x1e + 2 * index, powerFactorOf(circuit)],
    ]),
    [0x30, a + b + c],
    [0x34, watts],
    [0x38, apparent],
    [0x3c, sum(reactiveOf)],
    [0x3e, apparent === 0 ? 1 : watts / apparent],
    [0x46, HERTZ],
    [0x48, wattHours / 1000],
    // What three currents 120 degrees apart leave for the neutral.
    [0xe0, Math.sqrt(Math.max(0, a * a + b * b + c * c - a * b - b * c - c * a))],
  ]);
};

/** The registers of a device that measures this. A register that it has no value for reads as zero. */
export const registersOf = (device: ModbusDevice, records: readonly SenmlRecord[], wattHours: number): Registers => {
  switch (device) {
    case 'pzem-004t-v3':
      return pzem(records, wattHours);
    case 'xy-md02':
      return thermometer(records);
    case 'sdm120':
    case 'sdm230':
      return singlePhase(records, wattHours);
    case 'sdm630':
      return threePhase(records, wattHours);
  }
};

/** What all phases of a pack draw, W: integrated, it is the meter's energy. */
export const wattsIn = (records: readonly SenmlRecord[]): number =>
  records.reduce((sum, { n, v }) => (n === 'power' || n.startsWith('power/') ? sum + (v ?? 0) : sum), 0);
