import type {
  Acknowledge,
  AlarmLoadView,
  AlarmView,
  CancelPreAlarm,
  Done,
  HistoryAnswer,
  Lift,
  LogIn,
  Session,
  VenueView,
} from '../../../gateway/api/contract.ts';
import type { PageClock } from '../clock.ts';
import type { Acknowledging } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { createDeeds, type Deeds } from './deeds.ts';
import { type Answer, API, get, send } from './http.ts';
import { createIntake } from './intake.ts';
import { followStream, type Stream } from './stream.ts';

/** What the page asks of the gateway. */
export interface Gateway {
  start(): Promise<void>;
  acknowledge(id: string): Promise<void>;
  readonly deeds: Deeds;
  /** Answers whether the gateway has taken it. */
  cancelPreAlarm(rule: string, subject: string): Promise<boolean>;
  /** Answers undefined when the operation goes on, else why not. */
  lift(operation: string, comment: string): Promise<DeedFailure | undefined>;
  /** Work that follows on an alarm is done: as above. */
  followUpDone(id: string, comment: string): Promise<DeedFailure | undefined>;
  /** Somebody has seen to what an actuator did not confirm: as above. */
  commandDone(id: string, comment: string): Promise<DeedFailure | undefined>;
  /** Answers undefined when somebody is logged in, else why not. */
  logIn(name: string, password: string): Promise<LogInFailure | undefined>;
  logOut(): Promise<void>;
  retryNow(): void;
}

export interface DeedFailure {
  /** Undefined: no answer came. */
  readonly problem: { readonly zh: string; readonly en: string } | undefined;
}

export interface LogInFailure {
  readonly why: 'wrong' | 'too-many' | 'unreachable' | 'failed';
  readonly problem?: { readonly zh: string; readonly en: string };
}

type RefusedWhy = (Acknowledging & { readonly phase: 'failed' })['why'];

const failureOf = (answer: Answer<unknown> & { readonly ok: false }): LogInFailure => {
  if (answer.status === 0) return { why: 'unreachable' };
  if (answer.status === 401) return { why: 'wrong' };
  if (answer.status === 429) return { why: 'too-many' };
  return { why: 'failed', ...(answer.problem === undefined ? {} : { problem: answer.problem }) };
};

export const createGateway = (store: Store, clock: PageClock): Gateway => {
  let stream: Stream | undefined;

  const needLogIn = (): void => {
    stream?.stop();
    stream = undefined;
    store.dispatch({ do: 'log-in-needed' });
  };

  const { onEvent, readLists } = createIntake(store, clock, needLogIn);

  /** The venue, and who is asking. Asked again with each connection: another run of the gateway may answer otherwise. */
  const readAbout = async (): Promise<void> => {
    const [venue, session] = await Promise.all([get<VenueView>(`${API}/venue`), get<Session>(`${API}/session`)]);
    if (venue.ok) store.dispatch({ do: 'venue', venue: venue.body });
    if (session.ok) store.dispatch({ do: 'session', session: session.body });
    else if (session.status === 401) needLogIn();
  };

  const post = async (path: string, asked: Lift | Done): Promise<DeedFailure | undefined> => {
    const answer = await send('POST', `${API}/${path}`, asked);
    if (answer.ok) return undefined;
    if (answer.status === 401) needLogIn();
    return { problem: answer.problem };
  };

  const follow = (): void => {
    stream?.stop();
    stream = followStream(`${API}/stream`, clock, {
      onOpen: () => {
        store.dispatch({ do: 'opened', nowMs: clock.nowMs() });
        void readAbout();
        if (!store.state.listed) void readLists();
      },
      onEvent,
      onHeard: () => store.dispatch({ do: 'heard', nowMs: clock.nowMs() }),
      onLost: (retryInMs) => store.dispatch({ do: 'lost', nowMs: clock.nowMs(), retryInMs }),
      onUnauthorised: needLogIn,
    });
  };

  return {
    start: async () => {
      await readAbout();
      if (store.state.who.phase !== 'needed') follow();
    },
    retryNow: () => stream?.retryNow(),
    logIn: async (name, password) => {
      const asked: LogIn = { name, password };
      const answer = await send<Session>('POST', `${API}/session`, asked);
      if (!answer.ok) return failureOf(answer);
      store.dispatch({ do: 'session', session: answer.body });
      follow();
      return undefined;
    },
    logOut: async () => {
      const answer = await send('DELETE', `${API}/session`);
      if (answer.ok || answer.status === 401) needLogIn();
    },
    lift: (operation, comment) => post(`frozen/${encodeURIComponent(operation)}/lift`, { comment } satisfies Lift),
    followUpDone: (id, comment) => post(`follow-ups/${encodeURIComponent(id)}/done`, { comment } satisfies Done),
    commandDone: (id, comment) => post(`commands/${encodeURIComponent(id)}/done`, { comment } satisfies Done),
    acknowledge: (id) => acknowledge(store, id, needLogIn),
    deeds: createDeeds(store, needLogIn),
    cancelPreAlarm: async (rule, subject) => {
      const asked: CancelPreAlarm = { rule, subject };
      const answer = await send('POST', `${API}/pre-alarms/cancel`, asked);
      if (!answer.ok && answer.status === 401) needLogIn();
      return answer.ok;
    },
  };
};

const WHY: Readonly<Record<number, RefusedWhy>> = { 0: 'unanswered', 403: 'denied', 404: 'gone' };

/** Shown as acknowledged only by the gateway's word: its answer, or the stream. */
const acknowledge = async (store: Store, id: string, needLogIn: () => void): Promise<void> => {
  store.dispatch({ do: 'acknowledging', id, state: { phase: 'sending' } });
  const uncommented: Acknowledge = {};
  const answer = await send<AlarmView>('POST', `${API}/alarms/${encodeURIComponent(id)}/ack`, uncommented);
  if (answer.ok) return store.dispatch({ do: 'acknowledged', alarm: answer.body });
  const { status, problem } = answer;
  if (status === 401) return needLogIn();
  const text = problem ?? { zh: `HTTP ${status}`, en: `HTTP ${status}` };
  store.dispatch({ do: 'acknowledging', id, state: { phase: 'failed', why: WHY[status] ?? 'refused', text } });
};

export const alarmLoad = (): Promise<Answer<AlarmLoadView>> => get<AlarmLoadView>(`${API}/alarm-load`);

export const history = (query: Readonly<Record<string, string>>): Promise<Answer<HistoryAnswer>> =>
  get<HistoryAnswer>(`${API}/history?${new URLSearchParams(query)}`);
