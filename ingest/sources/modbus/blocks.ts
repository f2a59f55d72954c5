import { endOf, type Register, type RegisterMap } from '../../decoders/modbus/register-map.ts';

/** Adjacent registers of a device that one request reads. */
export interface Block {
  readonly start: number;
  /**
   * How many registers to ask for: all first, then ever fewer, each ending where a quantity ends. A device that is
   * asked for another number than before cannot be misunderstood (reply-ledger.ts).
   */
  readonly counts: readonly number[];
  /** It holds a current: what an overload is seen by goes first. */
  readonly hasCurrent: boolean;
}

const blockOf = (registers: readonly Register[]): Block => {
  const start = registers[0]?.address ?? 0;
  const counts = [...new Set(registers.map((register) => endOf(register) - start))].sort((a, b) => b - a);
  return { start, counts, hasCurrent: registers.some(({ metric }) => metric === 'currentAmps') };
};

/** What a map's registers are read with: as few requests as its limits on size and gaps allow. */
export const blocksOf = ({ registers, maxRegisters, maxGapRegisters }: RegisterMap): readonly Block[] => {
  const groups: Register[][] = [];
  for (const register of registers.toSorted((a, b) => a.address - b.address)) {
    const group = groups.at(-1);
    const first = group?.[0];
    const last = group?.at(-1);
    const fits =
      first !== undefined &&
      last !== undefined &&
      register.address - endOf(last) <= maxGapRegisters &&
      endOf(register) - first.address <= maxRegisters;
    if (fits) group?.push(register);
    else groups.push([register]);
  }
  return groups.map(blockOf);
};
