import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { App } from '../../gateway/app.ts';
import { portOf } from './fixture.ts';

const run = promisify(execFile);

/** Devices of the public MQTT vectors, as a venue registers them; by the topic's first level. */
export const VECTOR_DEVICES = `
  mains: { name: { zh: 总配电, en: Mains }, profile: current-clamp, address: "shelly:shellypro3em-aabbccddeeff", ratedAmps: { a: 8, b: 32 } }
  tag: { name: { zh: 标签, en: Tag }, profile: climate, address: "ruuvi-gateway:F4:1F:0C:28:CB:D6" }
  door-cam: { name: { zh: 门口摄像机, en: Door camera }, profile: camera, zone: door, address: "frigate:front_door" }
`;

/** Which of them a family of the vectors speaks of. */
export const DEVICE_OF_FAMILY: Readonly<Record<string, string>> = {
  'shelly-gen2': 'mains',
  'ruuvi-gateway': 'tag',
  frigate: 'door-cam',
};

/** Publishes exactly the bytes of a payload with Debian's mosquitto_pub, at QoS 1. */
export const publishWithMosquitto = async (app: App, topic: string, payload: string | Uint8Array): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-mosquitto-'));
  try {
    const file = join(folder, 'payload');
    writeFileSync(file, payload);
    await run('mosquitto_pub', ['-h', '127.0.0.1', '-p', String(portOf(app)), '-t', topic, '-f', file, '-q', '1']);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
