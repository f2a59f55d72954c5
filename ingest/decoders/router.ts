import type { DecodeContext, Decoder } from './decoder.ts';
import { compilePattern, type TopicPattern } from './topic-pattern.ts';

/** Which decoder takes a topic, with what captures, and whose memory it uses. Shared by all frames of the topic. */
export interface Route {
  readonly topic: string;
  readonly decoder: Decoder;
  readonly params: Readonly<Record<string, string>>;
  /** `<kind>:<memory key>`; undefined for a format without memory. */
  readonly memoryKey: string | undefined;
  /** The context of a format without memory, made once. */
  readonly context: DecodeContext;
  /** Decoders that learn from this topic; undefined, as nearly always: none. */
  readonly overheard: readonly Route[] | undefined;
  /** The intake's short cut: the name in the topic's last sample, and the registered device that it stood for. */
  name: string | undefined;
  device: string;
  seat: number;
}

export interface Router {
  /** One Map lookup for a topic that was seen before, whether a decoder takes it or none. */
  route(topic: string): Route | undefined;
  /** The same, found by the number that a source has given to the topic. */
  routeAt(place: number, topic: string): Route | undefined;
  /** Which registered devices topics speak for is to be asked again. */
  forgetDevices(): void;
  /** Topics remembered, for the metrics page. */
  readonly cachedTopics: number;
}

export interface RouterOptions {
  /** Fixes `{venue}`; without it `{venue}` matches any venue. */
  readonly venueId?: string | undefined;
  /** Further patterns by decoder kind, tried before the built-in ones (a Shelly with a topic prefix of its own). */
  readonly extraTopics?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** More than the topics of 10,000 badges and 1,000 sensors; strangers can invent topics, so it is bounded. */
const MAX_CACHED_TOPICS = 50_000;
/** Longer ones are not worth remembering; MQTT allows 65,535 bytes. */
const MAX_CACHED_TOPIC_CHARACTERS = 512;

interface Entry {
  readonly pattern: TopicPattern;
  readonly decoder: Decoder;
}

const compileAll = (decoders: readonly Decoder[], options: RouterOptions) => {
  const fixed = options.venueId === undefined ? {} : { venue: options.venueId };
  const entries = (topicsOf: (decoder: Decoder) => readonly string[] | undefined): readonly Entry[] =>
    decoders.flatMap((decoder) =>
      (topicsOf(decoder) ?? []).map((topic) => ({ pattern: compilePattern(topic, fixed), decoder })),
    );
  return {
    taking: [...entries(({ kind }) => options.extraTopics?.[kind]), ...entries(({ topics }) => topics)],
    overhearing: entries(({ overhears }) => overhears),
  };
};

const routeOf = (
  topic: string,
  decoder: Decoder,
  params: Readonly<Record<string, string>>,
  overheard?: readonly Route[],
): Route => {
  const key = decoder.memoryKey?.(params);
  return {
    topic,
    decoder,
    params,
    memoryKey: key === undefined ? undefined : `${decoder.kind}:${key}`,
    context: { params, memory: undefined },
    overheard,
    name: undefined,
    device: '',
    seat: -1,
  };
};

/** The first decoder of the list whose pattern matches takes a topic. */
export const createRouter = (decoders: readonly Decoder[], options: RouterOptions = {}): Router => {
  const { taking, overhearing } = compileAll(decoders, options);
  const cache = new Map<string, Route | undefined>();
  const places: (Route | undefined)[] = [];

  const overhearers = (topic: string, segments: readonly string[]): readonly Route[] | undefined => {
    const found = overhearing.flatMap(({ pattern, decoder }) => {
      const params = pattern.match(segments);
      return params === undefined ? [] : [routeOf(topic, decoder, params)];
    });
    return found.length === 0 ? undefined : found;
  };

  const find = (topic: string): Route | undefined => {
    const segments = topic.split('/');
    for (const { pattern, decoder } of taking) {
      const params = pattern.match(segments);
      if (params === undefined || decoder.accepts?.(params) === false) continue;
      return routeOf(topic, decoder, params, overhearers(topic, segments));
    }
    return undefined;
  };

  const remember = (topic: string, route: Route | undefined): void => {
    if (topic.length > MAX_CACHED_TOPIC_CHARACTERS) return;
    if (cache.size >= MAX_CACHED_TOPICS) {
      const oldest = cache.keys().next();
      if (!oldest.done) cache.delete(oldest.value);
    }
    cache.set(topic, route);
  };

  const route = (topic: string): Route | undefined => {
    const known = cache.get(topic);
    if (known !== undefined || cache.has(topic)) return known;
    const found = find(topic);
    remember(topic, found);
    return found;
  };

  return {
    route,
    routeAt(place, topic) {
      const known = places[place];
      // Of another source, or of a topic that had the number before.
      if (known !== undefined && known.topic === topic) return known;
      const found = route(topic);
      if (found !== undefined && place < MAX_CACHED_TOPICS) places[place] = found;
      return found;
    },
    forgetDevices() {
      for (const route of [...cache.values(), ...places]) if (route !== undefined) route.name = undefined;
    },
    get cachedTopics() {
      return cache.size;
    },
  };
};
