/**
 * Where a published message goes inside the gateway. `ack`: `muster/<venue>/alarm/<id>/ack`. `none`: alarms, status and
 * commands, which are for subscribers, and `$…`. Everything else is telemetry.
 */
export type TopicRoute = 'telemetry' | 'ack' | 'none';

export const topicRoutes = (venueId: string): ((topic: string) => TopicRoute) => {
  const venue = `muster/${venueId}/`;
  return (topic) => {
    if (topic.charCodeAt(0) === DOLLAR) return 'none';
    if (!topic.startsWith(venue)) return 'telemetry';
    const at = venue.length;
    if (isBranch(topic, at, 'alarm')) return isAck(topic.slice(at + 'alarm/'.length)) ? 'ack' : 'none';
    return isBranch(topic, at, 'status') || isBranch(topic, at, 'down') ? 'none' : 'telemetry';
  };
};

const DOLLAR = 0x24;

const isBranch = (topic: string, at: number, word: string): boolean =>
  topic.startsWith(word, at) && (topic.length === at + word.length || topic[at + word.length] === '/');

/** `<id>/ack`: alarm ids have no `/`. */
const isAck = (rest: string): boolean => {
  const slash = rest.indexOf('/');
  return slash > 0 && rest.slice(slash) === '/ack';
};
