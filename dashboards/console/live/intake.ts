import type { AlarmView, DeviceStatus, ResponseView, StreamEvents, ZoneStatus } from '../../../gateway/api/contract.ts';
import type { PageClock } from '../clock.ts';
import type { Store } from '../state/store.ts';
import { API, getAll } from './http.ts';
import type { SseEvent } from './sse.ts';

/** Brings events and lists together into one state. */
export interface Intake {
  onEvent(event: SseEvent): void;
  /** Reads the lists anew, unless that is under way. */
  readLists(): Promise<void>;
}

/** One event of the stream into the store. What this page does not know (a newer gateway's) passes by. */
const take = (store: Store, { type, data }: SseEvent, nowMs: number): void => {
  const parsed = <K extends keyof StreamEvents>(_name: K): StreamEvents[K] => JSON.parse(data);
  if (type === 'alarm') store.dispatch({ do: 'alarm', news: parsed('alarm') });
  else if (type === 'pre-alarm') store.dispatch({ do: 'pre-alarm', news: parsed('pre-alarm') });
  else if (type === 'response') store.dispatch({ do: 'response', response: parsed('response') });
  else if (type === 'zones') store.dispatch({ do: 'zones', zones: parsed('zones').items });
  else if (type === 'devices') store.dispatch({ do: 'devices', devices: parsed('devices').items });
  else if (type === 'status') store.dispatch({ do: 'status', status: parsed('status'), nowMs });
  else if (type === 'reset') store.dispatch({ do: 'reset' });
};

/** Statuses in a row that count other open alarms than the page before it reads the list again. */
const DISAGREEMENTS_MAX = 3;

export const createIntake = (store: Store, clock: PageClock, needLogIn: () => void): Intake => {
  let waiting: SseEvent[] | undefined;
  let disagreements = 0;

  /** Events that come while the lists are read wait for them, and are then the newer word. */
  const readLists = async (): Promise<void> => {
    if (waiting !== undefined) return;
    waiting = [];
    const [alarms, zones, devices, responses] = await Promise.all([
      getAll<AlarmView>(`${API}/alarms?state=open`),
      getAll<ZoneStatus>(`${API}/zones`),
      getAll<DeviceStatus>(`${API}/devices`),
      getAll<ResponseView>(`${API}/responses`),
    ]);
    const late = waiting;
    waiting = undefined;
    if ([alarms, zones, devices].some((answer) => !answer.ok && answer.status === 401)) return needLogIn();
    // Somebody has logged out meanwhile: this is not for whoever comes next.
    if (store.state.who.phase === 'needed') return;
    if (alarms.ok && zones.ok && devices.ok) {
      store.dispatch({ do: 'listed', lists: { alarms: alarms.body, zones: zones.body, devices: devices.body } });
      if (responses.ok) store.dispatch({ do: 'responses', responses: responses.body });
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

  return { onEvent, readLists };
};
