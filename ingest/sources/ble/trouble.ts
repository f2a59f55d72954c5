import type { SourceTrouble } from '../source.ts';
import type { Refusal } from './hci/scanner.ts';

type Text = Pick<SourceTrouble, 'zh' | 'en'>;

/** What may be wrong with a Bluetooth radio, in words for whoever can help. `where`: the adapter or port. */
const TEXTS = {
  'no-bluetooth': (where) => ({
    zh: `无法使用蓝牙适配器 ${where}：系统内核不支持蓝牙（AF_BLUETOOTH）。请安装内核蓝牙模块（modprobe bluetooth btusb），或改用串口 HCI：uart: { path, baudRate }`,
    en: `cannot use the Bluetooth adapter ${where}: the kernel has no Bluetooth (tried a socket of AF_BLUETOOTH). Load its modules (modprobe bluetooth btusb), or use a controller on a serial port: uart: { path, baudRate }`,
  }),
  'no-adapter': (where) => ({
    zh: `没有蓝牙适配器 ${where}（已尝试 HCI 用户通道）。请插入适配器，并用 hciconfig 或 btmgmt info 查看；也可改用串口 HCI：uart: { path, baudRate }`,
    en: `there is no Bluetooth adapter ${where} (tried its HCI user channel). Plug one in and look with btmgmt info; or use a controller on a serial port: uart: { path, baudRate }`,
  }),
  'no-permission': (where) => ({
    zh: `没有权限使用蓝牙适配器 ${where}。请执行 setcap cap_net_raw,cap_net_admin+eip $(readlink -f $(which node))，或在 systemd 单元中加入 AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN`,
    en: `no permission to use the Bluetooth adapter ${where}. Run setcap cap_net_raw,cap_net_admin+eip $(readlink -f $(which node)), or give the systemd unit AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN`,
  }),
  'adapter-busy': (where) => ({
    zh: `蓝牙适配器 ${where} 正被占用：用户通道要求它处于关闭状态。请执行 systemctl disable --now bluetooth && hciconfig ${where} down`,
    en: `the Bluetooth adapter ${where} is in use: its user channel wants it down. Run systemctl disable --now bluetooth && hciconfig ${where} down`,
  }),
  'module-missing': (where, detail) => ({
    zh: `无法加载蓝牙驱动程序（${where}）：${detail}。请执行 npm install @stoprocent/bluetooth-hci-socket`,
    en: `the Bluetooth driver for ${where} does not load: ${detail}. Run npm install @stoprocent/bluetooth-hci-socket`,
  }),
  'adapter-failed': (where, detail) => ({
    zh: `蓝牙适配器 ${where} 出错：${detail}`,
    en: `the Bluetooth adapter ${where} failed: ${detail}`,
  }),
  'controller-mute': (where, detail) => ({
    zh: `蓝牙控制器 ${where} 不回答命令 ${detail}：重新打开`,
    en: `the Bluetooth controller ${where} does not answer command ${detail}: opened anew`,
  }),
  'command-refused': (where, detail) => ({
    zh: `蓝牙控制器 ${where} 拒绝命令 ${detail}：重新打开`,
    en: `the Bluetooth controller ${where} refuses command ${detail}: opened anew`,
  }),
  'controller-reset': (where) => ({
    zh: `蓝牙控制器 ${where} 自行复位：重新开始扫描`,
    en: `the Bluetooth controller ${where} reset itself: the scan begins anew`,
  }),
  'hardware-error': (where) => ({
    zh: `蓝牙控制器 ${where} 报告硬件错误：复位并重新扫描`,
    en: `the Bluetooth controller ${where} reports a hardware error: it is reset, the scan begins anew`,
  }),
  'radio-silent': (where, detail) => ({
    zh: `蓝牙接收器 ${where} 已 ${detail} 秒没有收到任何广播：复位控制器`,
    en: `the Bluetooth receiver ${where} heard no advert for ${detail} s: the controller is reset`,
  }),
  'radio-still-silent': (where, detail) => ({
    zh: `蓝牙接收器 ${where} 复位后又 ${detail} 秒没有收到广播：重新打开`,
    en: `the Bluetooth receiver ${where} heard no advert for another ${detail} s after its reset: opened anew`,
  }),
} satisfies Record<string, (where: string, detail: string) => Text>;

export type BleTroubleCode = keyof typeof TEXTS;

export const bleTrouble = (code: BleTroubleCode, where: string, atMs: number, detail = ''): SourceTrouble => ({
  code,
  atMs,
  ...TEXTS[code](where, detail),
});

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;

/** Why a scan did not come about, as a trouble; undefined: it was called off. */
export const refusalTrouble = (refusal: Refusal, where: string, atMs: number): SourceTrouble | undefined => {
  if (refusal.why === 'ended') return undefined;
  const command = hex(refusal.opcode, 4);
  if (refusal.why === 'mute') return bleTrouble('controller-mute', where, atMs, command);
  return bleTrouble('command-refused', where, atMs, `${command} (${hex(refusal.status, 2)})`);
};
