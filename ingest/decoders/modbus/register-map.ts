import type { MetricName } from '../../model/metrics.ts';

/** How a quantity lies in its registers (16 bits each, high byte first: Modbus Application Protocol V1.1b3, 4.2). */
export type RegisterType = 'u16' | 'i16' | 'u32' | 'i32' | 'f32';

/** One quantity of a device: where it lies and what it becomes. */
export interface Register {
  /** As on the wire, from 0; a data sheet's 30001 is 0. */
  readonly address: number;
  readonly type: RegisterType;
  readonly metric: MetricName;
  /** `''` by default; phases are `a b c`, the neutral `n`, the whole `total`. */
  readonly channel: string;
  /** What the device counts in, as its data sheet says. */
  readonly unit: string;
  /** From the number in the registers to the metric's unit; a power of ten. */
  readonly scale: number;
}

/** A kind of device as data: what may be read of it, and what that means. */
export interface RegisterMap {
  /** What venue.yaml calls it; the first is shown, the others are accepted. Lower case. */
  readonly names: readonly [string, ...string[]];
  /** Maker and model. */
  readonly title: string;
  /** Where it is documented. */
  readonly source: string;
  /** 3: holding registers, 4: input registers. */
  readonly functionCode: 3 | 4;
  /** Which word of a quantity of 32 bits comes first; Modbus leaves it open. */
  readonly wordOrder: 'high-first' | 'low-first';
  /** The most registers that one request may ask for. */
  readonly maxRegisters: number;
  /** Registers without meaning to us that are read along rather than asked around; 0 where the device refuses that. */
  readonly maxGapRegisters: number;
  readonly registers: readonly Register[];
}

/** Identity helper: the type of a map, checked where it is written. */
export const defineRegisterMap = (map: RegisterMap): RegisterMap => map;

/** Registers that a quantity takes. */
export const widthOf = (type: RegisterType): 1 | 2 => (type === 'u16' || type === 'i16' ? 1 : 2);

/** The register after the last one of a quantity. */
export const endOf = ({ address, type }: Register): number => address + widthOf(type);
