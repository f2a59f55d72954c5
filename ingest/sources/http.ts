import type { Accept, Source } from './source.ts';

/** A message that was posted over HTTP. */
export interface HttpPost {
  /** The MQTT topic that it would have been published to. */
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Name of the credential that posted it. */
  readonly client: string;
}

/** `settle` is called once what came of the message is safe to acknowledge. */
export type HttpTap = (post: HttpPost, settle: () => void) => void;

/** The narrow side of the HTTP server that a source needs. */
export interface HttpTapPort {
  /** One handler at a time; undefined takes it away. */
  tap(handler: HttpTap | undefined): void;
}

export interface HttpSourceOptions {
  readonly id: string;
  readonly server: HttpTapPort;
  /** The gateway's clock, Unix milliseconds. */
  nowMs(): number;
}

/** Frames from HTTP posts: judged before the sender gets its answer. */
export const httpSource = ({ id, server, nowMs }: HttpSourceOptions): Source => ({
  id,
  start: async (accept: Accept) => {
    server.tap(({ topic, payload, client }, settle) => {
      accept(
        { source: id, transport: 'http', address: topic, payload, arrivedMs: nowMs(), retained: false, client },
        settle,
      );
    });
  },
  stop: async () => {
    server.tap(undefined);
  },
});
