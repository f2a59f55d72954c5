import { type Access, access } from '../../broker/clients/access.ts';
import { topicRoutes } from '../../broker/messages/topic-routes.ts';
import type { Registry } from '../../config/registry.ts';
import { type Refusal, refuse } from '../problems.ts';

/** Which topic a post is for, by the rights that its credential has on MQTT. */
export type TopicOf = (name: string, asked: string | undefined) => string | Refusal;

const NOT_SAID = { errors: [{ where: 'query.topic', expected: 'the MQTT topic that it would be published to' }] };

export const postTopics = (venue: Pick<Registry, 'venueId' | 'credentials'>): TopicOf => {
  const { venueId } = venue;
  const route = topicRoutes(venueId);
  const rightsOf = (): ReadonlyMap<string, Access> =>
    new Map([...venue.credentials].map(([name, { publish }]) => [name, access(venueId, { publish, subscribe: [] })]));
  let { credentials } = venue;
  let rights = rightsOf();
  return (name, asked) => {
    if (credentials !== venue.credentials) {
      ({ credentials } = venue);
      rights = rightsOf();
    }
    const isDevice = credentials.get(name)?.kind === 'device';
    const topic = asked ?? (isDevice ? `muster/${venueId}/up/${name}` : undefined);
    if (topic === undefined) return refuse('invalid-request', NOT_SAID);
    // Alarms are acknowledged by people, and commands are the gateway's.
    const may = route(topic) === 'telemetry' && rights.get(name)?.mayPublish(topic) === true;
    return may ? topic : refuse('topic-not-allowed', { zh: topic, en: topic });
  };
};
