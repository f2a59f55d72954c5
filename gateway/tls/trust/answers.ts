import type { Text } from '../../../rules/rule.ts';
import { type Locale, localeOf } from '../../config/sections/venue.ts';
import { trustUrl, visitedHost } from './address.ts';
import type { TrustMaterial } from './material.ts';
import { mobileconfig } from './mobileconfig.ts';
import { trustPage } from './page.ts';

/** Where the pages are, for whoever mounts them. */
export const TRUST_PATHS = ['/trust', '/trust/ca.crt', '/trust/ca.pem', '/trust/muster.mobileconfig'] as const;

export type TrustPath = (typeof TRUST_PATHS)[number];

export interface TrustAsked {
  readonly path: TrustPath;
  /** `?lang=` */
  readonly lang?: string | undefined;
  readonly acceptLanguage?: string | undefined;
  readonly host?: string | undefined;
}

export interface TrustAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface TrustPages {
  /** Undefined: there is no authority of the venue behind the certificate that is served. */
  answer(asked: TrustAsked): Promise<TrustAnswer | undefined>;
}

export interface TrustPagesOptions {
  readonly venue: Text;
  /** For browsers that do not say theirs. */
  readonly locale: Locale;
  /** What is to be trusted now: certificates are renewed while the gateway runs. */
  material(): TrustMaterial | undefined;
  /** Port that people reach. */
  port(): number;
}

/** Shows itself and nothing else: no script, no frame, nothing from elsewhere. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const COMMON = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

const file = (type: string, name: string, body: string | Buffer): TrustAnswer => ({
  headers: { ...COMMON, 'content-type': type, 'content-disposition': `attachment; filename="${name}"` },
  body,
});

const qrSvg = async (url: string): Promise<string> => {
  // Loaded when the page is first asked for: most runs of the gateway never are.
  const { toString: qrText } = await import('qrcode');
  return qrText(url, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });
};

const page = async (
  material: TrustMaterial,
  { venue, locale, port }: TrustPagesOptions,
  { lang, acceptLanguage, host }: TrustAsked,
): Promise<TrustAnswer> => {
  const place = { host: visitedHost(host, material.hosts), port: port() };
  const [preferred] = (acceptLanguage ?? locale).split(/[,;]/, 1);
  const language = localeOf(lang ?? preferred) === 'zh-CN' ? 'zh' : 'en';
  const body = trustPage({ venue, material, place, qrSvg: await qrSvg(trustUrl(place)) }, language);
  return {
    headers: { ...COMMON, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY },
    body,
  };
};

/** The page that leads phones to trust the venue's authority, and what they download from it. */
export const trustPages = (options: TrustPagesOptions): TrustPages => ({
  answer: async (asked) => {
    const material = options.material();
    if (material === undefined) return undefined;
    switch (asked.path) {
      case '/trust':
        return page(material, options, asked);
      case '/trust/ca.crt':
        return file('application/x-x509-ca-cert', 'muster-ca.crt', material.der);
      case '/trust/ca.pem':
        return file('application/x-pem-file', 'muster-ca.pem', material.pem);
      case '/trust/muster.mobileconfig':
        return file(
          'application/x-apple-aspen-config',
          'muster.mobileconfig',
          mobileconfig(material, options.venue.en),
        );
    }
  },
});
