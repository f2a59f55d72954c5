import type {
  Acknowledge,
  AlarmView,
  DeviceStatus,
  HistoryAnswer,
  LogIn,
  Session,
  StreamEvents,
  VenueView,
  ZoneStatus,
} from '../../../gateway/api/contract.ts';
import type { PageClock } from '../clock.ts';
import type { Acknowledging } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { type Answer, get, getAll, send } from './http.ts';
import type { SseEvent } from './sse.ts';
import { followStream, type Stream } from './stream.ts';

/** What the page asks of the gateway. */
export interface Gateway {
  start(): Promise<void>;
  acknowledge(id: string): Promise<void>;
  /** Answers undefined when somebody is logged in, else why not. */
  logIn(name: string, password: string): Promise<LogInFailure | undefined>;
  logOut(): Promise<void>;
  retryNow(): void;
}

export interface LogInFailure {
  readonly why: 'wrong' | 'too-many' | 'unreachable' | 'failed';
  readonly problem?: { readonly zh: string; readonly en: string };
}

type RefusedWhy = (Acknowledging & { readonly phase: 'failed' })['why'];

const API = '/api/v1';

const failureOf = (answer: Answer<unknown> & { readonly ok: false }): LogInFailure => {
  if (answer.status === 0) return { why: 'unreachable' };
  if (answer.status === 401) return { why: 'wrong' };
  if (answer.status === 429) return { why: 'too-many' };
  return { why: 'failed', ...(answer.problem === undefined ? {} : { problem: answer.problem }) };
};

/** One event of the stream into the store. What this page does not know (a newer gateway's) passes by. */
const take = (store: Store, { type, data }: SseEvent, nowMs: number): void => {
  const parsed = <K extends keyof StreamEvents>(_name: K): StreamEvents[K] => JSON.parse(data);
  if (type === 'alarm') store.dispatch({ do: 'alarm', news: parsed('alarm') });
  else if (type === 'pre-alarm') store.dispatch({ do: 'pre-alarm', news: parsed('pre-alarm') });
  else if (type === 'zones') store.dispatch({ do: 'zones', zones: parsed('zones').items });
  else if (type === 'devices') store.dispatch({ do: 'devices', devices: parsed('devices').items });
  else if (type === 'status') store.dispatch({ do: 'status', status: parsed('status'), nowMs });
  else if (type === 'reset') store.dispatch({ do: 'reset' });
};

/** Statuses in a row that count other open alarms than the page before it reads the list again. */
const DISAGREEMENTS_MAX = 3;

export const createGateway = (store: Store, clock: PageClock): Gateway => {
  let stream: Stream | undefined;
  let waiting: SseEvent[] | undefined;
  let disagreements = 0;

  const needLogIn = (): void => {
    stream?.stop();
    stream = undefined;
    store.dispatch({ do: 'log-in-needed' });
  };

  /** Events that come while the lists are read wait for them, and are then the newer word. */
  const readLists = async (): Promise<void> => {
    if (waiting !== undefined) return;
    waiting = [];
    const [alarms, zones, devices] = await Promise.all([
      getAll<AlarmView>(`${API}/alarms?state=open`),
      getAll<ZoneStatus>(`${API}/zones`),
      getAll<DeviceStatus>(`${API}/devices`),
    ]);
    const late = waiting;
    waiting = undefined;
    if ([alarms, zones, devices].some((answer) => !answer.ok && answer.status === 401)) return needLogIn();
    if (alarms.ok && zones.ok && devices.ok) {
      store.dispatch({ do: 'listed', lists: { alarms: alarms.body, zones: zones.body, devices: devices.body } });
    }
    for (const event of late) take(store, event, clock.nowMs());
    if (late.some(({ type }) => type === 'reset')) await readLists();
  };

  const compare = (event: SseEvent): void => {
    if (event.type !== 'status') return;
    const { status, alarms, listed } = store.state;
    disagreements = listed && status?.openAlarms === alarms.size ? 0 : disagreements + 1;
    if (disagreements < DISAGREEMENTS_MAX) return;
    disagreements = 0;
    void readLists();
  };

  const onEvent = (event: SseEvent): void => {
    if (waiting !== undefined && event.type !== 'status') {
      waiting.push(event);
      return;
    }
    take(store, event, clock.nowMs());
    compare(event);
    if (event.type === 'reset') void readLists();
  };

  /** The venue, and who is asking. Asked again with each connection: another run of the gateway may answer otherwise. */
  const readAbout = async (): Promise<void> => {
    const [venue, session] = await Promise.all([get<VenueView>(`${API}/venue`), get<Session>(`${API}/session`)]);
    if (venue.ok) store.dispatch({ do: 'venue', venue: venue.body });
    if (session.ok) store.dispatch({ do: 'session', session: session.body });
    else if (session.status === 401) needLogIn();
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
    acknowledge: (id) => acknowledge(store, id, needLogIn),
  };
};

const WHY: Readonly<Record<number, RefusedWhy>> = { 0: 'unanswered', 403: 'denied', 404: 'gone', 409: 'gone' };

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

export const history = (query: Readonly<Record<string, string>>): Promise<Answer<HistoryAnswer>> =>
  get<HistoryAnswer>(`${API}/history?${new URLSearchParams(query)}`);
