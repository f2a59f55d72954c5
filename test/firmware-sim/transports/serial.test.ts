import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { describe, expect, it, onTestFinished } from 'vitest';
import { realClock } from '../../../firmware-sim/clock.ts';
import { type PlayOptions, play } from '../../../firmware-sim/play.ts';
import type { Progress } from '../../../firmware-sim/progress.ts';
import { parseScenario, type Scenario } from '../../../firmware-sim/scenario.ts';
import { createPorts } from '../../../firmware-sim/transports/ports.ts';
import { problemText } from '../../../firmware-sim/yaml-problems.ts';
import { hasSocat, portFolder } from '../../pty.ts';
import { until } from '../../until.ts';

const CLAMP =
  '{ id: c1, type: current-clamp, offsetSeconds: 1, emit: { transport: serial, port: ttyA, format: emontx } }';
const TRACKER = `{ id: g1, type: badge, offsetSeconds: 1, gps: { latitude: 31.2, longitude: 121.5 },
  emit: { transport: serial, port: ttyB, format: nmea } }`;

const textOf = (actors: string, events = ''): string =>
  `venue: v.yaml\nseed: 1\ndurationSeconds: 100\nactors: [${actors}]\nevents: [${events}]\n`;

const scenarioOf = (actors: string, events = ''): Scenario => {
  const scenario = parseScenario(textOf(actors, events), 'inline');
  if ('problems' in scenario) throw new Error(scenario.problems.map(problemText).join('\n'));
  return scenario;
};

const problemsOf = (actors: string, events = ''): readonly string[] => {
  const scenario = parseScenario(textOf(actors, events), 'inline');
  return 'problems' in scenario ? scenario.problems.map(({ message }) => message) : [];
};

describe('a scenario with serial ports', () => {
  it('names what is wrong with a port, a format or an event of a port', () => {
    expect(
      problemsOf(CLAMP, '{ atSeconds: 1, actor: ttyA, do: unplug }, { atSeconds: 2, actor: ttyA, do: replug }'),
    ).toEqual([]);
    expect(problemsOf(CLAMP.replace('emontx', 'emon'))).toEqual([expect.stringContaining('format')]);
    expect(problemsOf(CLAMP.replace('ttyA', '/dev/ttyA'))).toEqual([expect.stringContaining('a port')]);
    expect(problemsOf(CLAMP.replace('serial', 'cereal'))).toEqual([expect.stringContaining('transport')]);
    expect(problemsOf(CLAMP, '{ atSeconds: 1, actor: ttyB, do: unplug }')).toEqual([
      expect.stringContaining('no actor is called ttyB'),
    ]);
    expect(problemsOf(CLAMP, '{ atSeconds: 1, actor: ttyA, do: die }')).toEqual([expect.stringContaining('ttyA')]);
  });
});

interface Reader {
  readonly text: () => string;
}

const read = async (path: string): Promise<Reader> => {
  let text = '';
  const port = new SerialPort({ path, baudRate: 115_200 });
  port.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
  });
  port.on('error', () => undefined);
  onTestFinished(() => new Promise<void>((resolve) => port.close(() => resolve())));
  await until(() => port.isOpen, 'the port is open');
  return { text: () => text };
};

const start = (scenario: Scenario, portsDirectory: string, change: Partial<PlayOptions> = {}) => {
  const told: Progress[] = [];
  const played = play({
    scenario,
    broker: 'none',
    venueId: 'hall',
    epochMs: Date.UTC(2026, 5, 1),
    speed: 100,
    startAtMs: undefined,
    format: 'both',
    secrets: new Map(),
    clock: realClock(),
    connect: () => {
      throw new Error('nobody speaks MQTT here');
    },
    portsDirectory,
    tell: (progress) => told.push(progress),
    ...change,
  });
  onTestFinished(() => {
    played.stop();
    return played.ended;
  });
  return { played, told };
};

describe.skipIf(!hasSocat)('devices on serial ports', () => {
  it('begin when the ports are there, write lines, and leave nothing behind', async () => {
    const folder = portFolder();
    const { played, told } = start(scenarioOf(`${CLAMP}, ${TRACKER}`), folder);
    await until(() => told.some(({ type }) => type === 'ready'), 'ready');
    const [a, b] = [await read(join(folder, 'ttyA')), await read(join(folder, 'ttyB'))];
    await until(() => a.text().split('\r\n').length > 4 && b.text().split('\r\n').length > 4, 'lines');
    expect(a.text()).toMatch(/MSG:\d+,Vrms:2\d\d\.\d\d,P1:\d+,E1:\d+,I1:\d+\.\d{3}\r\n/);
    expect(b.text()).toMatch(/\$GPRMC,000\d{3}\.00,A,311[12]\.\d{5},N,121[23]\d\.\d{5},E,/);
    await played.ended;
    expect(told.at(-1)).toMatchObject({ type: 'done', dropped: 0 });
    await until(() => !existsSync(join(folder, 'ttyA')), 'the link is gone');
  });

  it('are not heard while the cable is out, and heard again over a new terminal', async () => {
    const folder = portFolder();
    const ports = createPorts(folder, realClock(), () => undefined);
    onTestFinished(ports.stop);
    const port = ports.get('tty');
    const path = join(folder, 'tty');
    await port.plug();
    const before = await read(path);
    expect(port.write(Buffer.from('one'))).toBe(true);
    await until(() => before.text() === 'one', 'bytes');
    port.happen({ do: 'unplug' });
    expect(port.write(Buffer.from('two'))).toBe(false);
    await until(() => !existsSync(path), 'unplugged');
    port.happen({ do: 'replug' });
    await until(() => existsSync(path), 'replugged');
    const after = await read(path);
    await until(() => port.write(Buffer.from('three')) && after.text().includes('three'), 'bytes again');
    expect(after.text()).not.toContain('two');
  });

  it('hear what is written to them', async () => {
    const folder = portFolder();
    const ports = createPorts(folder, realClock(), () => undefined);
    onTestFinished(ports.stop);
    const port = ports.get('tty');
    let heard = '';
    port.listen((bytes) => {
      heard += Buffer.from(bytes).toString('latin1');
    });
    await port.plug();
    const master = new SerialPort({ path: join(folder, 'tty'), baudRate: 9600 });
    onTestFinished(() => new Promise<void>((resolve) => master.close(() => resolve())));
    master.write('read registers');
    await until(() => heard === 'read registers', 'a request');
  });

  it('lose what nobody reads, and count it', async () => {
    const folder = portFolder();
    const ports = createPorts(folder, realClock(), () => undefined);
    onTestFinished(ports.stop);
    const port = ports.get('tty');
    await port.plug();
    let lost = 0;
    for (let count = 0; count < 2000; count += 1) if (!port.write(Buffer.alloc(1024, 0x78))) lost += 1;
    expect(lost).toBeGreaterThan(1000);
  });

  it('tell of a port that cannot be made', async () => {
    const { told } = start(scenarioOf(CLAMP), join(portFolder(), 'no', 'such', 'folder'));
    await until(() => told.some(({ type }) => type === 'problem'), 'a problem');
    expect(told).toEqual([{ type: 'problem', actor: 'c1', message: expect.stringContaining('ttyA') }]);
  });
});
