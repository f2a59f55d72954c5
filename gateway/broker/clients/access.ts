/** What a client may publish and subscribe to: MQTT topic filters. */
export interface Access {
  mayPublish(topic: string): boolean;
  /** Whether every topic that `filter` can match is granted: what was subscribed may then be forwarded unchecked. */
  maySubscribe(filter: string): boolean;
}

export interface Patterns {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Access of a device of this venue to its own topics. */
export const deviceAccess = (venueId: string, deviceId: string): Patterns => ({
  publish: [`muster/${venueId}/up/${deviceId}`],
  subscribe: [`muster/${venueId}/down/${deviceId}`],
});

/** Access that a role brings beside the patterns of the credential. */
export const roleAccess = (venueId: string, role: string | undefined): Patterns =>
  role === 'guard'
    ? {
        publish: [`muster/${venueId}/alarm/+/ack`],
        subscribe: [`muster/${venueId}/alarm/#`, `muster/${venueId}/status`],
      }
    : { publish: [], subscribe: [] };

/**
 * Access of an anonymous client on the loopback address (demo and simulator): everything, with the acknowledgements
 * of a guard; but alarms and status come from the gateway alone.
 */
export const anonymousAccess = (venueId: string): Patterns => ({
  publish: ['#', `muster/${venueId}/alarm/+/ack`],
  subscribe: ['#'],
});

/**
 * Topics under `muster/<venue>/alarm` and `muster/<venue>/status` are the gateway's own. A client may publish them only
 * by a pattern that names that level literally: `#` or `muster/#` does not grant them. Topics that begin with `$` are
 * matched by no pattern that begins with a wildcard (MQTT 3.1.1 section 4.7.2), and `$SYS` by none at all.
 */
export const access = (venueId: string, patterns: Patterns): Access => {
  const publish = patterns.publish.map((pattern) => pattern.split('/'));
  const subscribe = patterns.subscribe.map((pattern) => pattern.split('/'));
  const isOwn = ownTopics(venueId);
  return {
    mayPublish: (topic) => {
      if (topic.startsWith('$SYS/')) return false;
      const own = isOwn(topic);
      return publish.some((levels) => filterMatches(levels, topic) && (!own || namesOwnLevel(levels)));
    },
    maySubscribe: (filter) => {
      if (filter.startsWith('$SYS/')) return false;
      const levels = filter.split('/');
      return subscribe.some((granted) => filterCovers(granted, levels));
    },
  };
};

const namesOwnLevel = (levels: readonly string[]): boolean => levels[2] === 'alarm' || levels[2] === 'status';

/** Tells the alarm and status topics of a venue, which the gateway publishes. */
const ownTopics = (venueId: string): ((topic: string) => boolean) => {
  const alarm = `muster/${venueId}/alarm`;
  const status = `muster/${venueId}/status`;
  return (topic) =>
    topic === status || (topic.startsWith(alarm) && (topic.length === alarm.length || topic[alarm.length] === '/'));
};

/** MQTT 3.1.1 section 4.7, without allocation. */
export const filterMatches = (levels: readonly string[], topic: string): boolean => {
  const first = levels[0];
  if ((first === '#' || first === '+') && topic.charCodeAt(0) === DOLLAR) return false;
  let at = 0;
  for (let index = 0; index < levels.length; index += 1) {
    const level = levels[index] ?? '';
    if (level === '#') return true;
    // `at` is past the end of the topic only once all its levels were matched.
    if (at > topic.length) return false;
    const slash = topic.indexOf('/', at);
    const end = slash === -1 ? topic.length : slash;
    if (level !== '+' && (level.length !== end - at || !topic.startsWith(level, at))) return false;
    at = end + 1;
  }
  return at > topic.length;
};

/** Whether `granted` matches every topic that `requested` matches. */
export const filterCovers = (granted: readonly string[], requested: readonly string[]): boolean => {
  const first = granted[0];
  // Even `#` does not match `$SYS`: section 4.7.2.
  if ((first === '#' || first === '+') && requested[0]?.charCodeAt(0) === DOLLAR) return false;
  for (let index = 0; index < granted.length; index += 1) {
    const grant = granted[index];
    if (grant === '#') return index <= requested.length;
    const request = requested[index];
    if (request === undefined || request === '#') return false;
    if (grant !== '+' && grant !== request) return false;
  }
  return granted.length === requested.length;
};

const DOLLAR = 0x24;
