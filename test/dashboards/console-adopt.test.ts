import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adoptCommand } from '../../dashboards/console/devices/adopt-command.ts';

test('the command to copy takes the address as one word, whatever a stranger calls itself', () => {
  expect(adoptCommand('ruuvi-gateway:AA:BB:CC:DD:EE:FF')).toBe(
    'muster devices adopt ruuvi-gateway:AA:BB:CC:DD:EE:FF --id ID --zone ZONE --profile PROFILE',
  );
  const heard = (address: string): string =>
    execFileSync('sh', ['-c', `muster() { printf %s "$3"; }; ${adoptCommand(address)}`], { encoding: 'utf8' });
  for (const address of ["zigbee2mqtt:$(touch x)'; ls `ls`", 'a:b c', 'a:"*"\\', 'a:\n ls'])
    expect(heard(address)).toBe(address);
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 30 }), (text) => {
      const address = `a:${text.replaceAll('\0', '')}`;
      expect(heard(address)).toBe(address);
    }),
    { numRuns: 50 },
  );
});
