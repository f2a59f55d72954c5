/**
 * Where a published message goes inside the gateway. `ack`: `muster/<venue>/alarm/<id>/ack`. `none`: alarms, status and
 * commands, which are for subscribers, and `$…`. Everything else is telemetry.
 */
export type TopicRoute = 'telemetry' | 'ack' | 'none';

export const topicRoutes = (venueId: string): ((topic: string) => TopicRoute) => {
  const venue = `muster/${venueId}/`;
  return (topic) => {
    if (!topic.startsWith(venue)) return topic.charCodeAt(0) === DOLLAR ? 'none' : 'telemetry';
    const [word, alarmId, last, extra] = topic.slice(venue.length, venue.length + MAX_LOOK).split('/', 4);
    if (word === 'alarm') return last === 'ack' && extra === undefined && alarmId !== '' ? 'ack' : 'none';
    return word === 'status' || word === 'down' ? 'none' : 'telemetry';
  };
};

const DOLLAR = 0x24;
/** More than any alarm id with its `/ack`. */
const MAX_LOOK = 1_024;
