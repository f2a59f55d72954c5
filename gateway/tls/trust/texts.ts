import type { Text } from '../../../rules/rule.ts';

const text = (zh: string, en: string): Text => ({ zh, en });

/** Everything that the page says; `{…}` is filled in. */
export const TRUST_TEXTS = {
  title: text('让手机信任 {venue} 的 Muster', 'Let a phone trust Muster of {venue}'),
  why: text(
    '值班页面使用加密连接。它的证书由本场馆自己的 CA 签发，手机要先安装这个 CA，才不会警告。只需做一次。',
    'The console uses an encrypted connection. Its certificate is signed by the venue’s own authority (CA): a phone that has it installed shows no warning. It takes doing once.',
  ),
  compare: text(
    '安装之前，请核对指纹（SHA-256）与值班负责人手中的一致；不一致就不要安装：',
    'Before you install it, compare the fingerprint (SHA-256) with the one the venue engineer has. If it differs, do not install it:',
  ),
  androidHead: text('Android 手机', 'Android'),
  iosHead: text('iPhone 和 iPad', 'iPhone and iPad'),
  download: text('下载 CA 证书', 'Download the CA certificate'),
  profile: text('下载描述文件', 'Download the profile'),
  doneHead: text('完成', 'Done'),
  open: text('打开值班页面', 'Open the console'),
  qr: text('另一部手机：扫描这个二维码', 'Another phone: scan this code'),
  valid: text(
    '有效期至 {date}。仅可用于本地网络的地址和本场馆的名称。',
    'Valid until {date}. It can vouch for local addresses and the names of this venue only.',
  ),
  remove: text(
    '不再需要时，可在同一处设置中删除它。',
    'When it is no longer needed, remove it in the same place of the settings.',
  ),
} as const satisfies Record<string, Text>;

/** Steps, in order. Names of menus as Android 11 to 16 and iOS 15 to 26 show them. */
export const ANDROID_STEPS: readonly Text[] = [
  text(
    '点上面的“下载 CA 证书”，得到 muster-ca.crt。',
    'Tap “Download the CA certificate” above: it gives muster-ca.crt.',
  ),
  text(
    '打开“设置”，搜索“CA 证书”。（通常在：安全和隐私 → 更多安全设置 → 加密与凭据 → 安装证书 → CA 证书）',
    'Open Settings and search for “CA certificate”. (Usually: Security and privacy → More security settings → Encryption and credentials → Install a certificate → CA certificate.)',
  ),
  text(
    '选择“仍然安装”，输入锁屏密码，再选 muster-ca.crt。',
    'Choose “Install anyway”, enter the screen lock, and pick muster-ca.crt.',
  ),
  text(
    '用 Chrome 或系统浏览器打开值班页面。系统会提示“网络可能受到监控”，指的就是这个证书。',
    'Open the console in Chrome or the browser of the phone. The notice “network may be monitored” speaks of this very certificate.',
  ),
];

export const IOS_STEPS: readonly Text[] = [
  text(
    '在 Safari 中打开本页，点“下载描述文件”，选择“允许”。',
    'Open this page in Safari, tap “Download the profile”, and choose Allow.',
  ),
  text(
    '打开“设置”，点顶部的“已下载描述文件”，再点“安装”。',
    'Open Settings, tap Profile Downloaded at the top, then Install.',
  ),
  text(
    '设置 → 通用 → 关于本机 → 证书信任设置：打开“Muster”的开关。没有这一步，证书不会被信任。',
    'Settings → General → About → Certificate Trust Settings: switch “Muster” on. Without this step it is not trusted.',
  ),
  text('打开值班页面。', 'Open the console.'),
];
