import type { Text } from '../../rules/rule.ts';

/** Why lines are not written, by stable code: what it means and what to do. */
export const TROUBLES = {
  unreachable: {
    zh: '无法连接 InfluxDB 服务器；数据保留在本机，将自动重试',
    en: 'InfluxDB cannot be reached; data is kept here and sent later',
  },
  timeout: {
    zh: 'InfluxDB 服务器在 timeoutSeconds 内没有答复；将以较小的批次重试',
    en: 'InfluxDB did not answer within timeoutSeconds; smaller batches are tried',
  },
  'cut-off': {
    zh: '与 InfluxDB 的连接在请求中途断开；将以较小的批次重试',
    en: 'the connection to InfluxDB was cut in the middle of a request; smaller batches are tried',
  },
  busy: { zh: 'InfluxDB 服务器繁忙，要求稍后再试', en: 'InfluxDB is busy and asks to be left alone for a while' },
  'server-error': {
    zh: 'InfluxDB 服务器内部错误；将自动重试',
    en: 'InfluxDB failed by its own account; it is tried again',
  },
  unauthorized: {
    zh: 'InfluxDB 不接受凭据：请检查 username 与 passwordFile，或 tokenFile；修正后自动恢复',
    en: 'InfluxDB does not take the credentials: check username and passwordFile, or tokenFile; taken up without a restart',
  },
  forbidden: {
    zh: '该用户或令牌无权写入此数据库或存储桶：请在 InfluxDB 中授予写权限',
    en: 'the user or token may not write to this database or bucket: grant it the right in InfluxDB',
  },
  'not-found': {
    zh: 'InfluxDB 中没有所配置的数据库、保留策略、组织或存储桶：请先创建，或改正名称',
    en: 'the database, retention policy, organization or bucket does not exist in InfluxDB: create it, or correct its name',
  },
  'not-influxdb': {
    zh: '该地址的答复不像 InfluxDB：请检查 url 与 version',
    en: 'whatever answers there does not answer like InfluxDB: check url and version',
  },
  certificate: {
    zh: '无法信任服务器证书：请检查 caFile、证书中的名称与有效期',
    en: 'the certificate of the server cannot be trusted: check caFile, the name in the certificate and its validity',
  },
  'credential-file': {
    zh: '配置中指定的密码、令牌或证书文件无法使用',
    en: 'a file with a password, token or certificate that the configuration names cannot be used',
  },
  'rejected-lines': {
    zh: 'InfluxDB 拒收了部分数据，已隔离；其余照常写入',
    en: 'InfluxDB rejected some lines, which are set aside; all others are written',
  },
  'log-damaged': {
    zh: '本机日志中的一批数据已损坏，无法发送',
    en: 'a batch of the log on this box is damaged and could not be sent',
  },
  internal: {
    zh: '程序内部错误，写入 InfluxDB 暂停后重试',
    en: 'a fault of this program; writing goes on after a pause',
  },
} as const satisfies Readonly<Record<string, Text>>;

export type TroubleCode = keyof typeof TROUBLES;
