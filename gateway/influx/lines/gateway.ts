import { tag } from './escape.ts';

/** What the gateway counts, by part: numbers only. */
export type Counters = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** `mqtt`, `auth-failures` become `mqttAuthFailures`: nothing that line protocol or PromQL would have to escape. */
export const counterField = (part: string, name: string): string =>
  `${part}-${name}`.replace(/[^A-Za-z0-9]+(.?)/g, (_, next: string) => next.toUpperCase());

/** The line of the gateway itself, which alone of its measurement has no device; undefined where nothing is counted. */
export const gatewayLine = (venue: string, counters: Counters, timeUs: number): string | undefined => {
  const fields = Object.entries(counters).flatMap(([part, values]) =>
    Object.entries(values)
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]) => `${counterField(part, name)}=${value}`),
  );
  return fields.length === 0 ? undefined : `gateway${tag('venue', venue)} ${fields.join(',')} ${timeUs}`;
};
