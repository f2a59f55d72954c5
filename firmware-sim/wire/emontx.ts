import type { Pack } from '../senml.ts';

/** What an emonTx knows of one clamp. */
interface Clamp {
  readonly watts: number;
  readonly amps: number | undefined;
}

/** Clamps in the order in which the actor names them: an emonTx has only their numbers. */
const clampsOf = ({ records }: Pack): readonly Clamp[] => {
  const amps = new Map<string, number>();
  const watts = new Map<string, number>();
  for (const { n, v } of records) {
    const [quantity, channel = ''] = n.split('/', 2);
    if (v === undefined) continue;
    if (quantity === 'current') amps.set(channel, v);
    if (quantity === 'power') watts.set(channel, v);
  }
  return [...watts].map(([channel, each]) => ({ watts: each, amps: amps.get(channel) }));
};

const numberIn = ({ records }: Pack, quantity: string): number | undefined =>
  records.find(({ n, v }) => v !== undefined && (n === quantity || n.startsWith(`${quantity}/`)))?.v;

/** Serial.print of a number with decimals, of one without. */
const pair = (name: string, value: number, decimals: number): string => `${name}:${value.toFixed(decimals)}`;

/**
 * The line of an emonTx with continuous monitoring and `showCurrents` on, as its firmware prints it
 * (openenergymonitor/avrdb_firmware, emon_CM_6CT): `MSG:1,Vrms:246.81,P1:79,E1:0,I1:0.320,T1:21.50`. Real power in W,
 * energy in Wh counted up from zero, current in A, temperature in °C.
 */
export const emontxLines = () => {
  const joules: number[] = [];
  let lastMs: number | undefined;
  let message = 0;
  return (pack: Pack): readonly string[] => {
    const clamps = clampsOf(pack);
    const celsius = numberIn(pack, 'temperature');
    if (clamps.length === 0 && celsius === undefined) return [];
    message += 1;
    const seconds = lastMs === undefined ? 0 : Math.max(0, pack.stampMs - lastMs) / 1000;
    lastMs = pack.stampMs;
    const pairs = [pair('MSG', message, 0)];
    const volts = numberIn(pack, 'voltage');
    if (volts !== undefined) pairs.push(pair('Vrms', volts, 2));
    clamps.forEach(({ watts }, index) => {
      joules[index] = (joules[index] ?? 0) + watts * seconds;
      pairs.push(pair(`P${index + 1}`, watts, 0));
    });
    clamps.forEach((_, index) => {
      pairs.push(pair(`E${index + 1}`, Math.floor((joules[index] ?? 0) / 3600), 0));
    });
    clamps.forEach(({ amps }, index) => {
      if (amps !== undefined) pairs.push(pair(`I${index + 1}`, amps, 3));
    });
    if (celsius !== undefined) pairs.push(pair('T1', celsius, 2));
    return [pairs.join(',')];
  };
};
