import type { Text } from '../../../rules/rule.ts';
import { consoleUrl, type Place, trustUrl } from './address.ts';
import type { TrustMaterial } from './material.ts';
import { escapeXml } from './mobileconfig.ts';
import { ANDROID_STEPS, IOS_STEPS, TRUST_TEXTS } from './texts.ts';

type Language = keyof Text;

export interface PageContent {
  readonly venue: Text;
  readonly material: TrustMaterial;
  readonly place: Place;
  /** The QR code of `trustUrl(place)`, an `<svg>` element. */
  readonly qrSvg: string;
}

const STYLE = `
:root{color-scheme:light dark}
body{font:1.05rem/1.6 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:1.6rem}
code{display:block;overflow-wrap:anywhere;padding:.6rem;border:1px solid #8888;border-radius:.4rem}
a.button{display:inline-block;padding:.6rem 1rem;border-radius:.4rem;background:#0a58ca;color:#fff;text-decoration:none}
svg{width:12rem;height:12rem;background:#fff}
nav{text-align:right}li{margin:.3rem 0}`;

const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? (values[name] ?? whole) : whole));

const list = (steps: readonly Text[], language: Language): string =>
  `<ol>${steps.map((step) => `<li>${escapeXml(step[language])}</li>`).join('')}</ol>`;

/** `AB:CD:…` in groups that people can compare. */
const grouped = (fingerprint: string): string => (fingerprint.replaceAll(':', '').match(/.{4}/g) ?? []).join(' ');

/** The page in one language. Without script: the first thing a careful person looks at before trusting anything. */
export const trustPage = ({ venue, material, place, qrSvg }: PageContent, language: Language): string => {
  const date = new Date(material.expiresAtMs).toISOString().slice(0, 10);
  const say = (key: keyof typeof TRUST_TEXTS): string =>
    escapeXml(fill(TRUST_TEXTS[key][language], { venue: venue[language], date }));
  const [other, otherName] = language === 'zh' ? ['en', 'English'] : ['zh-CN', '中文'];
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${say('title')}</title><style>${STYLE}</style></head>
<body>
<nav><a href="/trust?lang=${other}">${otherName}</a></nav>
<h1>${say('title')}</h1>
<p>${say('why')}</p>
<p>${say('compare')}</p>
<code>${grouped(material.fingerprint)}</code>
<h2>${say('androidHead')}</h2>
<p><a class="button" href="/trust/ca.crt">${say('download')}</a></p>
${list(ANDROID_STEPS, language)}
<h2>${say('iosHead')}</h2>
<p><a class="button" href="/trust/muster.mobileconfig">${say('profile')}</a></p>
${list(IOS_STEPS, language)}
<h2>${say('doneHead')}</h2>
<p><a class="button" href="${escapeXml(consoleUrl(place))}">${say('open')}</a></p>
<p>${say('valid')} ${say('remove')}</p>
<h2>${say('qr')}</h2>
<p>${qrSvg}</p>
<p>${escapeXml(trustUrl(place))}</p>
</body></html>
`;
};
