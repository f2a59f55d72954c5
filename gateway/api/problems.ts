import type { Problem } from './contract.ts';

interface Kind {
  readonly status: number;
  readonly title: string;
  readonly zh: string;
  readonly en: string;
}

/** Every error that the HTTP side gives: the codes are stable. */
export const PROBLEMS = {
  'malformed-request': {
    status: 400,
    title: 'Malformed request',
    zh: '请求无法解析',
    en: 'the request cannot be read',
  },
  'malformed-json': { status: 400, title: 'Malformed JSON', zh: '请求内容不是 JSON', en: 'the body is not JSON' },
  'invalid-request': {
    status: 400,
    title: 'Invalid request',
    zh: '请求参数有误',
    en: 'something asked for is not valid',
  },
  'cursor-expired': {
    status: 400,
    title: 'Cursor expired',
    zh: '列表已变化，请从头读取',
    en: 'the list has changed: read it from the start',
  },
  'log-in-needed': { status: 401, title: 'Log-in needed', zh: '请先登录', en: 'log in first' },
  'wrong-token': { status: 401, title: 'Wrong token', zh: '密钥无效', en: 'no device or client has this secret' },
  'wrong-password': {
    status: 401,
    title: 'Wrong password',
    zh: '用户名或密码错误',
    en: 'unknown user or wrong password',
  },
  'account-locked': {
    status: 403,
    title: 'Account locked',
    zh: '账号已被锁定，请联系系统工程师解锁',
    en: 'the account is locked: an engineer has to unlock it',
  },
  'wrong-role': { status: 403, title: 'Wrong role', zh: '您的角色无此权限', en: 'your role may not do this' },
  'wrong-origin': {
    status: 403,
    title: 'Wrong origin',
    zh: '不接受其他网站发来的请求',
    en: 'requests from other sites are refused',
  },
  'topic-not-allowed': {
    status: 403,
    title: 'Topic not allowed',
    zh: '该密钥无权在此主题发布',
    en: 'this secret may not publish there',
  },
  'link-forged': {
    status: 403,
    title: 'Link not ours',
    zh: '链接无效：不是本网关签发的，或不完整',
    en: 'this link was not signed by this gateway, or is not complete',
  },
  'link-outside': {
    status: 403,
    title: 'Link from outside',
    zh: '接警链接只能在场馆网络内使用',
    en: 'links to acknowledge work within the venue’s network only',
  },
  'not-found': { status: 404, title: 'Not found', zh: '没有这个地址', en: 'there is nothing at this address' },
  'unknown-device': {
    status: 404,
    title: 'Unknown device',
    zh: '没有登记这个设备',
    en: 'no such device is registered',
  },
  'unknown-alarm': {
    status: 404,
    title: 'Unknown alarm',
    zh: '没有这个报警的记录',
    en: 'nothing is known of such an alarm',
  },
  'not-frozen': {
    status: 404,
    title: 'Not frozen',
    zh: '没有这个被停止的作业',
    en: 'no such operation is frozen',
  },
  'not-yours-to-lift': {
    status: 403,
    title: 'Not yours to lift',
    zh: '只有响应预案指定角色的人员可以解除',
    en: 'only people of the role that the response plan names may lift it',
  },
  'unknown-follow-up': {
    status: 404,
    title: 'Unknown follow-up',
    zh: '没有这个后续事项',
    en: 'nothing of this name has to be done',
  },
  'unknown-command': {
    status: 404,
    title: 'Unknown command',
    zh: '没有这个命令，或已确认且报警已结束',
    en: 'there is no such command, or it was confirmed and its alarm is over',
  },
  'already-done': { status: 409, title: 'Already done', zh: '已经完成', en: 'that is done already' },
  'alarm-not-open': { status: 404, title: 'Alarm not open', zh: '没有这个未结束的报警', en: 'no such alarm is open' },
  'zone-not-counted': {
    status: 404,
    title: 'Zone not counted',
    zh: '没有规则统计这个区域的人数',
    en: 'nobody counts the persons of this zone',
  },
  'pre-alarm-not-running': {
    status: 404,
    title: 'Pre-alarm not running',
    zh: '没有这个正在进行的预警',
    en: 'no such pre-alarm is running',
  },
  'wrong-method': {
    status: 405,
    title: 'Wrong method',
    zh: '此地址不支持该方法',
    en: 'this address does not take that method',
  },
  'link-used': {
    status: 409,
    title: 'Link used',
    zh: '链接已使用过，每个链接只能用一次',
    en: 'this link has been used: each works once',
  },
  'link-outdated': {
    status: 409,
    title: 'Link outdated',
    zh: '该消息发出后报警已升级，请使用最近的一条消息',
    en: 'the alarm is more serious now than this message said: use the newest one',
  },
  'alarm-held': {
    status: 409,
    title: 'Alarm held back',
    zh: '此报警正被其原因报警抑制，或其规则已停用',
    en: 'this alarm is suppressed by the alarm of its cause, or its rule is out of service',
  },
  'action-refused': { status: 409, title: 'Refused', zh: '未执行', en: 'nothing was done' },
  'already-acknowledged': {
    status: 409,
    title: 'Already acknowledged',
    zh: '已有人接警',
    en: 'somebody has acknowledged it already',
  },
  'no-venue-file': {
    status: 409,
    title: 'No venue file',
    zh: '此网关不是由配置文件启动的，没有可重新读取的文件',
    en: 'this gateway was not started from a venue file: there is none to read again',
  },
  'link-expired': {
    status: 410,
    title: 'Link expired',
    zh: '链接已过期，请使用最近的一条消息',
    en: 'this link has expired: use the newest message',
  },
  'link-name': {
    status: 422,
    title: 'Not a name',
    zh: '姓名只能含文字、数字和空格等，最多 64 个字符',
    en: 'a name has letters, digits and spaces, at most 64',
  },
  'venue-file-invalid': {
    status: 422,
    title: 'Venue file invalid',
    zh: '配置文件有误，运行中的配置没有改动',
    en: 'the venue file is not valid: what runs was not changed',
  },
  'venue-file-refused': {
    status: 422,
    title: 'Venue file refused',
    zh: '网关不能按此配置文件运行，运行中的配置没有改动',
    en: 'the gateway may not run by this venue file: what runs was not changed',
  },
  'too-slow': { status: 408, title: 'Too slow', zh: '请求未及时收全', en: 'the request did not arrive in time' },
  'too-large': { status: 413, title: 'Too large', zh: '请求内容过大', en: 'the body is too large' },
  'wrong-media-type': {
    status: 415,
    title: 'Wrong media type',
    zh: '不支持该内容类型',
    en: 'this content type is not taken here',
  },
  'wrong-host': {
    status: 421,
    title: 'Wrong host',
    zh: '请用本机地址访问',
    en: 'ask for this machine by its own name',
  },
  unusable: { status: 422, title: 'Unusable', zh: '内容无法使用', en: 'nothing of the content could be used' },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    zh: '请求过于频繁',
    en: 'too many requests: slow down',
  },
  'headers-too-large': { status: 431, title: 'Headers too large', zh: '请求头过大', en: 'the headers are too large' },
  internal: {
    status: 500,
    title: 'Internal error',
    zh: '网关内部错误',
    en: 'the gateway failed on this; it is logged',
  },
  'store-off': {
    status: 503,
    title: 'Store off',
    zh: '未启用存储，没有历史数据',
    en: 'nothing is kept: the store is off',
  },
  'store-failed': { status: 503, title: 'Store failed', zh: '存储暂时无法读取', en: 'the store cannot answer now' },
  'not-committed': {
    status: 503,
    title: 'Not committed',
    zh: '已处理，但尚未存妥；请重发',
    en: 'judged, but not yet kept: send it again',
  },
  'too-busy': { status: 503, title: 'Too busy', zh: '网关繁忙，请稍后再试', en: 'too much at once: try again shortly' },
  'not-ready': { status: 503, title: 'Not ready', zh: '网关尚未就绪', en: 'the gateway is not ready yet' },
} as const satisfies Record<string, Kind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What is said beside the sentence that a code always has. */
export interface Details {
  /** Goes on the sentence, after a colon. */
  readonly zh?: string;
  readonly en?: string;
  readonly errors?: Problem['errors'];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that says no. A value, not an exception: what a handler returns. */
export class Refusal {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(problem: Problem, headers: Readonly<Record<string, string>>) {
    this.problem = problem;
    this.headers = headers;
  }
}

export const refuse = (code: ProblemCode, details: Details = {}): Refusal => {
  const { status, title, zh, en } = PROBLEMS[code];
  const said = {
    zh: details.zh === undefined ? zh : `${zh}：${details.zh}`,
    en: details.en === undefined ? en : `${en}: ${details.en}`,
  };
  const { errors, headers = {} } = details;
  return new Refusal(
    {
      type: `urn:muster:problem:${code}`,
      code,
      status,
      title,
      detail: said.en,
      ...said,
      ...(errors === undefined ? {} : { errors }),
    },
    headers,
  );
};
