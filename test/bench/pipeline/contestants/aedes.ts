import { startAedes } from './aedes-server.ts';
import { serveContestant } from './serve.ts';

/** aedes alone: it acknowledges what it is sent, and nobody looks at it. */
serveContestant(async () => ({ port: await startAedes({}), judged: () => 0, shed: () => 0 }));
