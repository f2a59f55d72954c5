import type { Alarm } from '../../../rules/alarms/alarm.ts';
import type { Text } from '../../../rules/rule.ts';
import { escapeXml } from '../../tls/trust/mobileconfig.ts';

type Language = keyof Text;

const text = (zh: string, en: string): Text => ({ zh, en });

const SAYS = {
  title: text('接警', 'Acknowledge'),
  name: text('您的姓名（可不填，则记为：{by}）', 'Your name (without one it is: {by})'),
  button: text('由我处理', 'I take it on'),
  done: text('已接警：{by}', 'Acknowledged by {by}'),
  refused: text('未能接警', 'Not acknowledged'),
  radio: text(
    '如情况仍在，请使用对讲机，或在值班页面上接警。',
    'If it is still going on, use the radio, or acknowledge on the console.',
  ),
} as const satisfies Record<string, Text>;

const STYLE = `
:root{color-scheme:light dark}
body{font:1.15rem/1.6 system-ui,sans-serif;max-width:32rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem}
.red{border-left:.5rem solid #c1121f}.orange{border-left:.5rem solid #e36414}
.yellow{border-left:.5rem solid #d4a017}.blue{border-left:.5rem solid #1d6fb8}
section{padding:.4rem .8rem}
input,button{font:inherit;width:100%;box-sizing:border-box;padding:.8rem;margin:.4rem 0}
button{background:#0a58ca;color:#fff;border:0;border-radius:.4rem}`;

const fill = (said: string, by: string): string => said.replace('{by}', by);

/** Both languages, Chinese first: whoever gets the message may read either. */
const both = (said: Text, by = '', tag = 'p'): string =>
  (['zh', 'en'] satisfies Language[])
    .map(
      (language) =>
        `<${tag} lang="${language === 'zh' ? 'zh-CN' : 'en'}">${escapeXml(fill(said[language], by))}</${tag}>`,
    )
    .join('');

const document = (body: string): string => `<!doctype html>
<html lang="zh-CN">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Muster · ${SAYS.title.zh} · ${SAYS.title.en}</title><style>${STYLE}</style></head>
<body>${body}</body></html>
`;

const alarmSection = ({ severity, subject, reason, guidance }: Alarm): string =>
  `<section class="${severity}"><h1>${escapeXml(subject)}</h1>${both(reason)}${both(guidance)}</section>`;

/** Asks; only the button acknowledges, so that a program that looks at the link first does not. */
export const askPage = (alarm: Alarm, by: string): string =>
  document(`${alarmSection(alarm)}<form method="post">
<label>${both(SAYS.name, by, 'span')}<input name="name" maxlength="64" autocomplete="name"></label>
<button type="submit">${SAYS.button.zh} · ${SAYS.button.en}</button></form>`);

export const donePage = (alarm: Alarm, by: string): string =>
  document(`${both(SAYS.done, by, 'h1')}${alarmSection(alarm)}`);

export const refusedPage = (why: Text): string =>
  document(`${both(SAYS.refused, '', 'h1')}${both(why)}${both(SAYS.radio)}`);
