import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeSecret, printRegistered } from '../../../gateway/cli/devices.ts';
import { listDevices } from '../../../gateway/cli/list-devices.ts';
import { stage } from '../api/stage.ts';
import { configOf, file, SECRET } from '../config/fixture.ts';
import { printer } from './printer.ts';

const LINES = [
  'devices: { gate-a: { profile: people-counter } }',
  `badges: { b-7: { role: guard, wearer: W. Li, secretSha256: ${SECRET} } }`,
] as const;

const secretOf = (id: string, text = file(...LINES)) => {
  const printed = printer();
  const code = makeSecret({ id, file: 'venue.yaml', locale: 'en' }, printed.out, printed.err, () => text);
  return { code, ...printed.texts() };
};

describe('muster devices', () => {
  test('secret prints a password of 128 bits and its digest', () => {
    const { code, out } = secretOf('b-7');
    const [, secret = '', place = '', digest = ''] = out.split('\n').map((line) => line.trim());
    expect(code).toBe(0);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(16);
    expect(place).toBe('Put this into venue.yaml under badges.b-7:');
    expect(digest).toBe(`secretSha256: ${createHash('sha256').update(secret).digest('hex')}`);
    expect(secretOf('b-7').out).not.toContain(secret);
  });

  test('secret works before the file is valid, for want of this very digest', () => {
    expect(secretOf('phone', file('clients: { phone: {} }')).code).toBe(0);
    expect(secretOf('a/b')).toMatchObject({ code: 2, out: '' });
  });

  test('the list of the venue file has a line for each device, and never a digest', () => {
    const printed = printer();
    printRegistered(configOf(...LINES), 'en', printed.out);
    expect(printed.texts().out.split('\n')).toEqual([
      'id\tname\tprofile\tzone\trole\tlogin',
      'gate-a\tgate-a\tpeople-counter\t\t\t-',
      'b-7\tW. Li\tbadge\t\tguard\tsecret',
      '',
    ]);
  });
});

describe('muster devices, of a gateway that runs', () => {
  const VENUE = `
zones: { hall: {} }
devices: { gate: { profile: people-counter, zone: hall } }
badges: { b-7: { role: guard, wearer: W. Li, address: 'ruuvi-gateway:AA:AA:AA:AA:AA:01' } }
receivers: { ruuvi-gateway:one: { zone: hall } }
`;
  const MAC = 'DD:DD:DD:DD:DD:DD';
  const config = configOf();
  const list = async (url: string, locale: 'en' | 'zh-CN' = 'en') => {
    const printed = printer();
    const code = await listDevices({ file: 'venue.yaml', config, locale, target: { url } }, printed.out, printed.err);
    return { code, ...printed.texts() };
  };

  test('registered devices with who hears them, and what reports without being registered, with what to write', async () => {
    const on = await stage(VENUE);
    const hear = (mac: string, rssi: number): void => on.send(`ruuvi/one/${mac}`, { rssi, temperature: 21.5 });
    for (const rssi of [-70, -71]) hear(MAC, rssi);
    hear('AA:AA:AA:AA:AA:01', -60);
    on.pass(5);
    expect((await list(`http://127.0.0.1:${on.port}`)).out.split('\n')).toEqual([
      'id\tname\tprofile\tzone\trole\tstate\theard by\tsignal\tseen\tvalues',
      'gate\tgate\tpeople-counter\thall\t\tnever\t-\t-\t-\t-',
      'b-7\tW. Li\tbadge\thall\tguard\tlive\truuvi-gateway:one\t-60 dBm\t5 s\ttemperatureCelsius=21.5 rssiDbm=-60',
      '',
      'discovered (muster devices adopt <address> --id … --zone … --profile …)',
      'address\tsource\theard by\tsignal\tseen\tvalues',
      `ble:${MAC}\tmqtt\truuvi-gateway:one\t-71 dBm\t5 s\ttemperatureCelsius=21.5 rssiDbm=-71`,
      '',
    ]);
    expect((await list(`http://127.0.0.1:${on.port}`, 'zh-CN')).out).toContain('未登记');
  });

  test('a stranger’s name does nothing to the terminal', async () => {
    const on = await stage(VENUE);
    on.send('zigbee2mqtt/\u001b[2Jattic', { temperature: 20 });
    expect((await list(`http://127.0.0.1:${on.port}`)).out).toContain('\nzigbee2mqtt:?[2Jattic\tmqtt\t');
  });

  test('all pages of it', async () => {
    const on = await stage(VENUE);
    for (let index = 0; index < 1000; index += 1) {
      const mac = `EE:EE:EE:EE:${(index >> 8).toString(16).padStart(2, '0')}:${(index & 255).toString(16).padStart(2, '0')}`;
      on.send(`ruuvi/one/${mac.toUpperCase()}`, { rssi: -70, temperature: 20 });
    }
    const { out } = await list(`http://127.0.0.1:${on.port}`);
    expect(out.match(/^ble:EE/gm)).toHaveLength(1000);
  });

  test('where none answers, or lets nobody in, those of the venue file, which is said', async () => {
    const on = await stage(VENUE);
    await on.api.server.close();
    const { code, out, err } = await list(`http://127.0.0.1:${on.port}`);
    expect([code, out]).toEqual([0, 'id\tname\tprofile\tzone\trole\tlogin\n']);
    expect(err).toMatch(/did not answer \(.*ECONNREFUSED.*\); these are the devices of the venue file alone/);
    const closed = await stage(VENUE, { access: { identify: () => undefined } });
    expect((await list(`http://127.0.0.1:${closed.port}`)).err).toContain('HTTP 401: log in first');
  });
});
