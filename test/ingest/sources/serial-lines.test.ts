import { once } from 'node:events';
import { chmodSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { describe, expect, onTestFinished, test } from 'vitest';
import { frameSerial } from '../../../firmware-sim/wire/framing.ts';
import type { Frame } from '../../../ingest/model/frame.ts';
import {
  type SerialLinesOptions,
  type SerialLinesSource,
  serialLinesSource,
} from '../../../ingest/sources/serial-lines.ts';
import { hasSocat, layCable, plug, portFolder } from '../../pty.ts';
import { until } from '../../until.ts';

interface Heard {
  readonly source: SerialLinesSource;
  readonly frames: readonly Frame[];
  readonly warnings: readonly object[];
  texts(): readonly string[];
}

const listen = async (path: string, change: Partial<SerialLinesOptions> = {}): Promise<Heard> => {
  const frames: Frame[] = [];
  const warnings: object[] = [];
  const source = serialLinesSource({
    id: 'clamps',
    path,
    baudRate: 115_200,
    framing: { kind: 'readline' },
    format: 'auto',
    maxFrameBytes: 256,
    reconnect: { firstMs: 20, maxMs: 100 },
    log: { info: () => undefined, warn: (fields) => warnings.push(fields) },
    nowMs: Date.now,
    ...change,
  });
  onTestFinished(() => source.stop());
  await source.start((frame) => frames.push(frame));
  return {
    source,
    frames,
    warnings,
    texts: () => frames.map(({ payload }) => Buffer.from(payload).toString('latin1')),
  };
};

const isOpen = ({ source }: Heard): boolean => source.status().state === 'open';

describe.skipIf(!hasSocat)('serial-lines on a real port', () => {
  test('whole, split and joined lines come as frames that say where they are from', async () => {
    const path = join(portFolder(), 'tty');
    const { stream } = await plug(path);
    const heard = await listen(path, { format: 'emontx' });
    await until(() => isOpen(heard), 'open');
    stream.write('MSG:1,P1:79\r\n');
    await until(() => heard.frames.length === 1, 'a whole line');
    for (const part of ['MSG:2,', 'P1:8', '0\r']) {
      const { bytes } = heard.source.status().counters;
      stream.write(part);
      await until(() => heard.source.status().counters.bytes === bytes + part.length, 'a part of a line');
    }
    stream.write('\nMSG:3,P1:81\r\nMSG:4,P1:82\r\n');
    await until(() => heard.frames.length === 4, 'joined lines');
    expect(heard.texts()).toEqual(['MSG:1,P1:79', 'MSG:2,P1:80', 'MSG:3,P1:81', 'MSG:4,P1:82']);
    expect(heard.frames[0]).toMatchObject({
      source: 'clamps',
      transport: 'serial',
      address: 'clamps',
      profile: 'emontx',
      retained: false,
    });
    expect(heard.source.status()).toMatchObject({ state: 'open', counters: { frames: 4, failures: 0, opens: 1 } });
  });

  test('garbage and a line that never ends cost themselves alone', async () => {
    const path = join(portFolder(), 'tty');
    const { stream } = await plug(path);
    const heard = await listen(path);
    await until(() => isOpen(heard), 'open');
    stream.write('one\r\n');
    stream.write(Buffer.from([0xff, 0x00, 0x80, 0x0a]));
    stream.write('x'.repeat(20_000));
    stream.write('\r\ntwo\r\n');
    await until(() => heard.frames.length === 3, 'two lines and what may be one');
    expect(heard.texts()).toEqual(['one', '\u00ff\u0000\u0080', 'two']);
    expect(heard.source.status().counters).toMatchObject({ failures: 1, tooLong: 1 });
  });

  test.each(['slip', 'cobs'] as const)('%s frames', async (kind) => {
    const path = join(portFolder(), 'tty');
    const { stream } = await plug(path);
    const heard = await listen(path, { framing: { kind } });
    await until(() => isOpen(heard), 'open');
    const sent = [Buffer.from('MSG:1,P1:79'), Buffer.from([0xc0, 0xdb, 0, 0, 1])];
    for (const bytes of sent) stream.write(frameSerial(bytes, kind));
    await until(() => heard.frames.length === 2, 'both frames');
    expect(heard.frames.map(({ payload }) => Buffer.from(payload))).toEqual(sent);
  });

  test('a frame that says its length and is broken off is given up after a pause', async () => {
    const path = join(portFolder(), 'tty');
    const { stream } = await plug(path);
    const heard = await listen(path, { framing: { kind: 'length-prefixed', lengthBytes: 2 } });
    await until(() => isOpen(heard), 'open');
    stream.write(Buffer.from([0, 200, 1, 2, 3]));
    await until(() => heard.source.status().counters.failures === 1, 'the pause');
    stream.write(frameSerial(Buffer.from('whole'), 'length-prefixed'));
    await until(() => heard.frames.length === 1, 'the next frame');
    expect(heard.texts()).toEqual(['whole']);
  });

  test('unplugged and plugged in five times it recovers each time, without a spinning processor', async () => {
    const path = join(portFolder(), 'tty');
    let pty = await plug(path);
    const heard = await listen(path);
    for (let round = 1; round <= 5; round += 1) {
      await until(() => isOpen(heard), `open in round ${round}`);
      pty.stream.write(`round ${round}\r\n`);
      await until(() => heard.frames.length === round, `a line in round ${round}`);
      await pty.close();
      await until(() => heard.source.status().state === 'lost', `the loss in round ${round}`);
      expect(heard.source.status().lastTrouble?.code).toMatch(/^port-(lost|absent)$/);
      // The binding's own spinning would take a core's worth of this time.
      const before = process.cpuUsage();
      const startMs = performance.now();
      await until(() => performance.now() - startMs > 400, 'a while without the port');
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000 / (performance.now() - startMs)).toBeLessThan(0.5);
      pty = await plug(path);
    }
    await until(() => isOpen(heard), 'open at last');
    expect(heard.source.status().counters).toMatchObject({ frames: 5, opens: 6, losses: 5, failures: 0 });
  }, 40_000);

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'a cable that is cut by %s while a device talks over it',
    async (signal) => {
      const folder = portFolder();
      let cable = await layCable(folder);
      const heard = await listen(cable.near);
      for (let round = 1; round <= 3; round += 1) {
        await until(() => isOpen(heard), `open in round ${round}`);
        const device = new SerialPort({ path: cable.far, baudRate: 115_200 });
        device.on('error', () => undefined);
        await once(device, 'open');
        const before = heard.frames.length;
        device.write('MSG:1,P1:79\r\n'.repeat(500));
        await until(() => heard.frames.length > before, 'lines');
        await cable.kill(signal);
        await until(() => heard.source.status().state === 'lost', `the loss in round ${round}`);
        const used = process.cpuUsage();
        const startMs = performance.now();
        await until(() => performance.now() - startMs > 400, 'a while without the port');
        const { user, system } = process.cpuUsage(used);
        expect((user + system) / 1000 / (performance.now() - startMs)).toBeLessThan(0.5);
        if (device.isOpen) device.close();
        cable = await layCable(folder);
      }
      await until(() => isOpen(heard), 'open at last');
    },
    40_000,
  );

  test('a link that points to another port before anybody noticed is followed', async () => {
    const folder = portFolder();
    const [first, second] = [await plug(join(folder, 'first')), await plug(join(folder, 'second'))];
    const path = join(folder, 'by-id');
    symlinkSync(join(folder, 'first'), path);
    const heard = await listen(path);
    await until(() => isOpen(heard), 'open');
    unlinkSync(path);
    symlinkSync(join(folder, 'second'), path);
    await until(() => heard.source.status().counters.opens === 2, 'the other port');
    first.stream.write('old\r\n');
    second.stream.write('new\r\n');
    await until(() => heard.frames.length === 1, 'a line of the new one');
    expect(heard.texts()).toEqual(['new']);
  });

  test('one of two sources dies; the other one hears every line', async () => {
    const folder = portFolder();
    const [dying, living] = [await plug(join(folder, 'a')), await plug(join(folder, 'b'))];
    const [a, b] = [await listen(join(folder, 'a')), await listen(join(folder, 'b'), { id: 'gps' })];
    await until(() => isOpen(a) && isOpen(b), 'both open');
    for (let count = 0; count < 50; count += 1) living.stream.write(`before ${count}\r\n`);
    await dying.close();
    for (let count = 0; count < 50; count += 1) living.stream.write(`after ${count}\r\n`);
    await until(() => a.source.status().state === 'lost' && b.frames.length === 100, 'the loss, and all lines');
    expect(b.source.status()).toMatchObject({ state: 'open', counters: { opens: 1, losses: 0 } });
  });

  test('a port that says nothing is opened anew again and again, and heard again when it speaks', async () => {
    const path = join(portFolder(), 'tty');
    const { stream } = await plug(path);
    const heard = await listen(path, { silenceSeconds: 0.1 });
    await until(() => heard.source.status().counters.opens === 3, 'opened anew twice');
    expect(heard.source.status()).toMatchObject({ state: 'silent', lastTrouble: { code: 'port-silent' } });
    expect(heard.source.status().counters.losses).toBe(0);
    expect(heard.warnings).toEqual([{ source: 'clamps', path, code: 'port-silent' }]);
    await until(() => {
      stream.write('here\r\n');
      return heard.frames.length > 0;
    }, 'a line');
    expect(heard.source.status().state).toBe('open');
  });

  test('a port that another program holds is told, and taken when it is free', async () => {
    const path = join(portFolder(), 'tty');
    const { stream } = await plug(path);
    const other = new SerialPort({ path, baudRate: 9600 });
    await once(other, 'open');
    const heard = await listen(path);
    await until(() => heard.source.status().state === 'lost', 'it is lost');
    expect(heard.source.status().lastTrouble).toMatchObject({ code: 'port-locked' });
    other.close();
    await until(() => isOpen(heard), 'it is open');
    stream.write('mine\r\n');
    await until(() => heard.frames.length === 1, 'a line');
  });

  test('a port without permission is told apart', async () => {
    const folder = portFolder();
    const path = join(folder, 'tty');
    await plug(path);
    chmodSync(folder, 0o755);
    chmodSync(path, 0o000);
    // Root may open anything: for a moment this process is nobody.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      const heard = await listen(path);
      await until(() => heard.source.status().state === 'lost', 'lost');
      expect(heard.source.status().lastTrouble).toMatchObject({
        code: 'no-permission',
        en: expect.stringContaining('dialout'),
        zh: expect.stringContaining('dialout'),
      });
      await heard.source.stop();
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('stopping while it is opened, lost or open leaves nothing behind', async () => {
    const path = join(portFolder(), 'tty');
    await plug(path);
    for (let round = 0; round < 10; round += 1) {
      const heard = await listen(path);
      if (round % 2 === 0) await until(() => isOpen(heard), 'open');
      await heard.source.stop();
      expect(heard.source.status().state).toBe('stopped');
    }
    const next = await listen(path);
    await until(() => isOpen(next), 'free for the next');
  });
});

describe('serial-lines without a port', () => {
  test('starts, says what is missing in both languages, once, and goes on trying', async () => {
    const path = join(portFolder(), 'nothing');
    const heard = await listen(path);
    await until(() => heard.source.status().state === 'lost', 'lost');
    expect(heard.source.status()).toEqual({
      state: 'lost',
      counters: expect.objectContaining({ frames: 0, opens: 0, losses: 0 }),
      lastTrouble: {
        code: 'port-absent',
        atMs: expect.any(Number),
        zh: expect.stringContaining(path),
        en: expect.stringContaining(path),
      },
    });
    const { atMs = 0 } = heard.source.status().lastTrouble ?? {};
    await until(() => (heard.source.status().lastTrouble?.atMs ?? 0) > atMs + 100, 'further attempts');
    expect(heard.warnings).toEqual([{ source: 'clamps', path, code: 'port-absent' }]);
  });

  test('a file is no port', async () => {
    const path = join(portFolder(), 'file');
    writeFileSync(path, '');
    const heard = await listen(path);
    await until(() => heard.source.status().state === 'lost', 'lost');
    expect(heard.source.status().lastTrouble?.code).toBe('not-a-port');
  });

  test('nor is a character device of another kind', async () => {
    const heard = await listen('/dev/null');
    await until(() => heard.source.status().state === 'lost', 'lost');
    expect(heard.source.status().lastTrouble?.code).toBe('not-a-port');
  });
});
