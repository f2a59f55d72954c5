import { describe, expect, test } from 'vitest';
import { REGISTER_MAPS, registerMap } from '../../../../ingest/decoders/modbus/maps/index.ts';
import { endOf } from '../../../../ingest/decoders/modbus/register-map.ts';
import { blocksOf } from '../../../../ingest/sources/modbus/blocks.ts';

describe('reading adjacent registers at once', () => {
  test.each(REGISTER_MAPS.map((map) => [map.names[0], map] as const))(
    '%s: all that it has, within its limits',
    (_, map) => {
      const blocks = blocksOf(map);
      for (const { counts } of blocks) expect(counts[0]).toBeLessThanOrEqual(Math.min(125, map.maxRegisters));
      for (const register of map.registers) {
        const holds = blocks.filter(
          ({ start, counts }) => start <= register.address && endOf(register) <= start + (counts[0] ?? 0),
        );
        expect(holds).toHaveLength(1);
      }
      // One more length than one, or a late answer could not be told from the next: within a unit, by any block.
      expect(new Set(blocks.flatMap(({ counts }) => counts)).size).toBeGreaterThan(1);
    },
  );

  test.each([
    ['pzem-004t-v3', ['0+9']],
    ['xy-md02', ['1+2']],
    ['sdm120', ['0+32', '70+4']],
    ['sdm630', ['0+58', '60+14', '224+2']],
  ])('%s is read as %j', (name, expected) => {
    const map = registerMap(name);
    expect(map === undefined ? [] : blocksOf(map).map(({ start, counts }) => `${start}+${counts[0]}`)).toEqual(
      expected,
    );
  });

  test('a shorter request ends where a quantity ends', () => {
    const map = registerMap('pzem-004t-v3');
    expect(map === undefined ? [] : blocksOf(map)[0]?.counts).toEqual([9, 8, 7, 5, 3, 1]);
  });
});
