import http from 'node:http';
import { onTestFinished } from 'vitest';
import type { StreamEvents } from '../../../gateway/api/contract.ts';
import { streamEvents } from '../../../gateway/api/schemas/stream.ts';
import { until } from '../../until.ts';

export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export interface Reader {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly events: readonly StreamEvent[];
  /** Comments, without their colon. */
  readonly comments: readonly string[];
  readonly isOver: boolean;
  readonly lastId: string;
  /** The data of all events of a name, each of the shape that the contract gives it. */
  of(event: keyof StreamEvents): readonly unknown[];
  /** Waits for so many events of a name. */
  has(event: keyof StreamEvents, count: number): Promise<void>;
  close(): void;
}

const eventOf = (block: string): StreamEvent | undefined => {
  const field = (name: string): string | undefined =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const data = field('data');
  return data === undefined
    ? undefined
    : { id: field('id') ?? '', event: field('event') ?? '', data: JSON.parse(data) };
};

/** Reads the stream as the specification of EventSource parses it (HTML, 9.2.6); ends with the test. */
export const readStream = (port: number, query = '', lastEventId?: string): Promise<Reader> =>
  new Promise((resolve, reject) => {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const path = `/api/v1/stream${query}`;
    const request = http.get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      const events: StreamEvent[] = [];
      const comments: string[] = [];
      let text = '';
      let isOver = false;
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const event = eventOf(block);
          if (event !== undefined) events.push(event);
          if (block.startsWith(':')) comments.push(block.slice(1).trim());
        }
      });
      const end = (): void => {
        isOver = true;
      };
      response.on('error', end);
      response.on('close', end);
      const of: Reader['of'] = (name) =>
        events.filter(({ event }) => event === name).map(({ data }) => streamEvents[name].strict().parse(data));
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        events,
        comments,
        get isOver() {
          return isOver;
        },
        get lastId() {
          return events.at(-1)?.id ?? '';
        },
        of,
        has: (name, count) =>
          until(() => events.filter(({ event }) => event === name).length >= count, `${count} events ${name}`),
        close: () => request.destroy(),
      });
    });
    request.on('error', reject);
    onTestFinished(() => {
      request.destroy();
    });
  });
