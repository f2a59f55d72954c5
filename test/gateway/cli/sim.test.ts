import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readScenario, ScenarioError } from '../../../gateway/cli/scenario/file.ts';
import { runSim } from '../../../gateway/cli/sim.ts';
import { readVenueFile } from '../../../gateway/config/load.ts';

const SCENARIOS = new URL('../../../firmware-sim/scenarios/', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'muster-sim-'));
cpSync(SCENARIOS, folder, { recursive: true });

afterAll(() => rmSync(folder, { recursive: true }));

const play = async (name: string, speed: number): Promise<{ code: number; result: unknown }> => {
  const scenario = readScenario(join(folder, name));
  const config = readVenueFile(scenario.venueFile);
  const written: string[] = [];
  const code = await runSim(
    { scenario, config, speed, json: true, locale: 'en', signal: new AbortController().signal },
    (text) => void written.push(text),
    () => undefined,
  );
  return { code, result: JSON.parse(written.join('')) };
};

describe('muster sim: the real gateway, the real devices’ process', () => {
  test('a scenario whose alarms come as expected ends with 0', { timeout: 60_000 }, async () => {
    const { code, result } = await play('sos.yaml', 60);
    expect(result).toMatchObject({ ok: true, extra: [], expected: [{ kind: 'sos', subject: 'badge-01' }] });
    expect(code).toBe(0);
  });

  test('uplinks of LoRaWAN sensors, some of them twice', { timeout: 60_000 }, async () => {
    const { code, result } = await play('hardware/lorawan.yaml', 20);
    expect(result).toMatchObject({ ok: true, extra: [] });
    expect(code).toBe(0);
  });

  test('an actuator that confirms, and one that is jammed until somebody frees it', { timeout: 60_000 }, async () => {
    const { code, result } = await play('hardware/actuators.yaml', 10);
    expect(result).toMatchObject({ ok: true, extra: [] });
    expect(code).toBe(0);
  });

  test('a changed threshold that makes an alarm miss ends with 1', { timeout: 120_000 }, async () => {
    const file = join(folder, 'venues', 'sensors.yaml');
    const changed = readFileSync(file, 'utf8').replace('yellow: 35, orange: 40', 'yellow: 58, orange: 59');
    expect(changed).toContain('yellow: 58');
    writeFileSync(file, changed);
    const { code, result } = await play('heat.yaml', 90);
    expect(result).toMatchObject({ ok: false });
    expect(code).toBe(1);
  });

  test('a scenario that cannot be read says where', () => {
    writeFileSync(join(folder, 'bad.yaml'), 'venue: x\nexpect: [{ atSeconds: soon }]\n');
    expect(() => readScenario(join(folder, 'bad.yaml'))).toThrow(ScenarioError);
    expect(() => readScenario(join(folder, 'none.yaml'))).toThrow(/none.yaml/);
  });
});
