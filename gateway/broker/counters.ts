/** Everything the broker counts; all only grow. */
export interface Counters {
  connections: number;
  /** Beyond the total, or beyond what one source address may open. */
  refusedConnections: number;
  refusedCredentials: number;
  bytesIn: number;
  /** PUBLISH packets handed to a tap. */
  published: number;
  /** Connections closed for a packet that breaks the protocol or a size limit. */
  violations: number;
  /** QoS 0 publishes dropped because the gateway could not keep up. */
  shedQos0: number;
  /** QoS 0 publishes of one client beyond its rate. */
  rateLimitedQos0: number;
  /** Times a client's socket was paused for QoS 1 or 2 publishes beyond its rate. */
  ratePauses: number;
  /** Times a socket was paused because too many of its publishes were unsettled. */
  inflightPauses: number;
  /** Publishes refused by the access list. */
  forbidden: number;
  forbiddenSubscriptions: number;
  /** Messages not delivered to a subscriber that does not read. */
  droppedToSlowSubscriber: number;
  /** Subscribers disconnected because they did not read for the drain timeout. */
  frozenSubscribers: number;
  /** Messages of ours dropped because the publishing queue was full. */
  outboxDropped: number;
  /** Messages for an absent session dropped because its queue, or all of them, were full. */
  offlineDropped: number;
  /** Publishes whose `retain` was ignored because too many topics are retained. */
  retainRefused: number;
  /** A tap threw; the message was acknowledged and is lost. */
  tapFailures: number;
}

export const newCounters = (): Counters => ({
  connections: 0,
  refusedConnections: 0,
  refusedCredentials: 0,
  bytesIn: 0,
  published: 0,
  violations: 0,
  shedQos0: 0,
  rateLimitedQos0: 0,
  ratePauses: 0,
  inflightPauses: 0,
  forbidden: 0,
  forbiddenSubscriptions: 0,
  droppedToSlowSubscriber: 0,
  frozenSubscribers: 0,
  outboxDropped: 0,
  offlineDropped: 0,
  retainRefused: 0,
  tapFailures: 0,
});
