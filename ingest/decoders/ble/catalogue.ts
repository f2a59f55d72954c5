import type { CatalogueEntry } from '../about.ts';
import { OWN_RADIO } from './kinds.ts';

const NOTES = {
  zh: '同样的广播也可经 Ruuvi Gateway、Theengs、Shelly 以 MQTT 到达；以 ble:<MAC> 登记者，无论从哪条路来都算同一设备。',
  en: 'The same adverts may come by MQTT from Ruuvi Gateway, Theengs or Shelly; registered as ble:<MAC>, a device is the same whichever way it is heard.',
} as const;

/** Formats of Bluetooth LE adverts. */
export const BLE_CATALOGUE: readonly CatalogueEntry[] = [
  {
    kind: OWN_RADIO,
    transport: 'ble',
    devices: {
      zh: 'BTHome v2 设备（明文，或 AES-CCM 加密并为每个胸牌配置密钥）：温湿度、按钮、运动、电流',
      en: 'BTHome v2 devices, plain or under AES-CCM with a key per badge: climate, buttons, motion, current',
    },
    specification: 'https://bthome.io/format/',
    examples: [{ address: 'A4:C1:38:8D:18:B2', payloadHex: '0201060A16D2FC4002CA0903BF13' }],
    notes: NOTES,
  },
  {
    kind: OWN_RADIO,
    transport: 'ble',
    devices: { zh: 'RuuviTag 与 Ruuvi Air（格式 3、5、6、E1）', en: 'RuuviTag and Ruuvi Air (formats 3, 5, 6, E1)' },
    specification: 'https://docs.ruuvi.com/communication/bluetooth-advertisements',
    examples: [
      {
        address: 'CB:B8:33:4C:88:4F',
        payloadHex: '0201061BFF99040512FC5394C37C0004FFFC040CAC364200CDCBB8334C884F',
      },
    ],
  },
  {
    kind: OWN_RADIO,
    transport: 'ble',
    devices: {
      zh: 'Minew 胸牌与信标：加速度、电量、SOS 按键',
      en: 'Minew badges and beacons: acceleration, battery, SOS button',
    },
    specification: 'https://docs.beaconyun.com/',
    examples: [{ address: 'FF:EE:DD:CC:BB:AA', payloadHex: '0201060303E1FF1216E1FFA10364FF8000000080AABBCCDDEEFF' }],
  },
  {
    kind: OWN_RADIO,
    transport: 'ble',
    devices: { zh: 'Eddystone 信标（UID、TLM；EID 不解读）', en: 'Eddystone beacons (UID, TLM; EID as opaque)' },
    specification: 'https://github.com/google/eddystone/blob/master/protocol-specification.md',
    examples: [{ address: 'AC:23:3F:AA:BB:01', payloadHex: '0201060303AAFE1116AAFE20000BB8150000000064000003E8' }],
  },
  {
    kind: OWN_RADIO,
    transport: 'ble',
    devices: { zh: 'iBeacon 信标：谁在哪里', en: 'iBeacon: who is where' },
    specification: 'https://developer.apple.com/ibeacon/',
    examples: [
      { address: 'AC:23:3F:AA:BB:02', payloadHex: '0201061AFF4C000215E2C56DB5DFFB48D2B060D0F5A71096E000010002C5' },
    ],
  },
];
