import { refuse } from '../api/problems.ts';
import { logInSchema, sessionSchema } from '../api/schemas/session.ts';
import { defineRoute, NO_INPUT, type Route } from '../api/seam/route.ts';
import { sessionIdOf, setSessionId } from './cookie.ts';
import type { LogIn } from './log-in.ts';
import type { Sessions } from './sessions.ts';

const PATH = '/api/v1/session';

/** `sessionSeconds`: how long the browser keeps the cookie; when it counts is decided here. */
const logInRoute = (logIn: LogIn, sessions: Sessions, sessionSeconds: number): Route =>
  defineRoute({
    method: 'POST',
    path: PATH,
    role: 'anyone',
    summary: 'Logs in: the answer sets a session cookie',
    request: { ...NO_INPUT, body: logInSchema },
    answer: { status: 200, description: 'who has logged in', schema: sessionSchema },
    problems: ['wrong-password', 'account-locked', 'too-many-requests', 'too-busy'],
    handle: async ({ body }, { request, reply }) => {
      const outcome = await logIn(request.socket.remoteAddress ?? '', body.name, body.password);
      if ('retryAfterSeconds' in outcome) {
        return refuse(outcome.refused, { headers: { 'retry-after': `${outcome.retryAfterSeconds}` } });
      }
      if ('refused' in outcome) return refuse(outcome.refused);
      const before = sessionIdOf(request);
      if (before !== undefined) sessions.end(before);
      setSessionId(reply, outcome.id, sessionSeconds);
      const { name, role } = outcome.account.user;
      return { name, role, anonymous: false };
    },
  });

const logOutRoute = (sessions: Sessions, onEnd: (user: string) => void): Route =>
  defineRoute({
    method: 'DELETE',
    path: PATH,
    role: 'anyone',
    summary: 'Logs out; fine too for whoever has not logged in',
    request: NO_INPUT,
    answer: { status: 204, description: 'logged out' },
    handle: (_input, { request, reply }) => {
      const id = sessionIdOf(request);
      const account = id === undefined ? undefined : sessions.find(id);
      if (id !== undefined) sessions.end(id);
      if (account !== undefined) onEnd(account.user.name);
      setSessionId(reply, '', 0);
      return undefined;
    },
  });

/** Logging in and out; who is asking stands with the other questions of the API. */
export const sessionRoutes = (
  logIn: LogIn,
  sessions: Sessions,
  sessionSeconds: number,
  onEnd: (user: string) => void,
): readonly Route[] => [logInRoute(logIn, sessions, sessionSeconds), logOutRoute(sessions, onEnd)];
