import type { HttpPost, HttpTap, HttpTapPort } from '../../../ingest/sources/http.ts';

/** Hands each post to the source behind it, at once. */
export interface Inbox extends HttpTapPort {
  /** False: no source is behind it, and posts would be lost. */
  readonly listening: boolean;
  give(post: HttpPost, settle: () => void): void;
}

export const createInbox = (): Inbox => {
  let tap: HttpTap | undefined;
  return {
    tap: (handler) => {
      tap = handler;
    },
    get listening() {
      return tap !== undefined;
    },
    give: (post, settle) => tap?.(post, settle),
  };
};
