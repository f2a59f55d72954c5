import type {
  AlarmNews,
  AlarmView,
  DeviceStatus,
  PreAlarmNews,
  ResponseView,
  Session,
  Status,
  VenueView,
  ZoneStatus,
} from '../../../gateway/api/contract.ts';
import { takeAlarm, takeAlarms } from './alarms.ts';
import { learnTime } from './server-time.ts';
import { type Acknowledging, type Page, type Settings, type State, startState, type TrendChoice } from './state.ts';
import { withCourses } from './zones.ts';

/** Everything that can happen to the page. */
export type Action =
  | { readonly do: 'tick'; readonly nowMs: number }
  | { readonly do: 'heard'; readonly nowMs: number }
  | { readonly do: 'opened'; readonly nowMs: number }
  | { readonly do: 'lost'; readonly nowMs: number; readonly retryInMs: number }
  | { readonly do: 'venue'; readonly venue: VenueView }
  | { readonly do: 'session'; readonly session: Session }
  | { readonly do: 'log-in-needed' }
  | { readonly do: 'listed'; readonly lists: Lists }
  | { readonly do: 'reset' }
  | { readonly do: 'alarm'; readonly news: AlarmNews }
  | { readonly do: 'pre-alarm'; readonly news: PreAlarmNews }
  | { readonly do: 'response'; readonly response: ResponseView }
  | { readonly do: 'responses'; readonly responses: readonly ResponseView[] }
  | { readonly do: 'zones'; readonly zones: readonly ZoneStatus[] }
  | { readonly do: 'devices'; readonly devices: readonly DeviceStatus[] }
  | { readonly do: 'status'; readonly status: Status; readonly nowMs: number }
  | { readonly do: 'acknowledging'; readonly id: string; readonly state: Acknowledging }
  | { readonly do: 'acknowledged'; readonly alarm: AlarmView }
  | { readonly do: 'page'; readonly page: Page }
  | { readonly do: 'trend'; readonly choice: TrendChoice }
  | { readonly do: 'settings'; readonly settings: Partial<Settings> };

export interface Lists {
  readonly alarms: readonly AlarmView[];
  readonly zones: readonly ZoneStatus[];
  readonly devices: readonly DeviceStatus[];
}

const byId = <T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.id, item]));

/** A device that somebody registers is no longer one that nobody has: ids are unique among each kind only. */
export const deviceKey = ({ id, registered, address }: DeviceStatus): string =>
  registered ? id : `? ${address ?? id}`;

const withDevices = (
  known: ReadonlyMap<string, DeviceStatus>,
  news: readonly DeviceStatus[],
): ReadonlyMap<string, DeviceStatus> => {
  const devices = new Map(known);
  for (const device of news) devices.set(deviceKey(device), device);
  return devices;
};

const takeLists = (state: State, { alarms, zones, devices }: Lists): State => ({
  ...takeAlarms(state, alarms),
  listed: true,
  zones: byId(zones),
  courses: withCourses(state.courses, zones),
  devices: withDevices(new Map(), devices),
});

const takePreAlarm = (state: State, news: PreAlarmNews): State => {
  const preAlarms = new Map(state.preAlarms);
  const key = `${news.rule}\n${news.subject}`;
  if (news.type === 'pre-alarm') preAlarms.set(key, news);
  else preAlarms.delete(key);
  return { ...state, preAlarms };
};

/** Those of alarms that are over go with the next that comes. */
const takeResponse = (state: State, response: ResponseView): State => {
  const open = [...state.responses].filter(([id]) => state.alarms.has(id));
  return { ...state, responses: new Map(open).set(response.alarm, response) };
};

const takeZones = (state: State, zones: readonly ZoneStatus[]): State => ({
  ...state,
  zones: new Map([...state.zones, ...byId(zones)]),
  courses: withCourses(state.courses, zones),
});

const takeStatus = (state: State, status: Status, nowMs: number): State => ({
  ...state,
  status,
  serverTime: learnTime(state.serverTime, Date.parse(status.now), nowMs),
});

/** Who is not logged in keeps nothing of what somebody else was shown. */
const loggedOut = ({ settings, page, nowMs, venue, who }: State): State => ({
  ...startState(settings, page, nowMs),
  venue,
  who: { phase: 'needed', expired: who.phase === 'known' },
});

/** The page after something happened. Pure. */
export const reduce = (state: State, action: Action): State => {
  switch (action.do) {
    case 'tick':
      return { ...state, nowMs: action.nowMs };
    case 'heard':
      return { ...state, link: { ...state.link, heardAtMs: action.nowMs } };
    case 'opened':
      return { ...state, link: { ...state.link, phase: 'live', openedAtMs: action.nowMs } };
    case 'lost': {
      const { nowMs, retryInMs } = action;
      return { ...state, nowMs, link: { ...state.link, phase: 'lost', retryAtMs: nowMs + retryInMs } };
    }
    case 'venue':
      return { ...state, venue: action.venue };
    case 'session':
      return { ...state, who: { phase: 'known', session: action.session } };
    case 'log-in-needed':
      return loggedOut(state);
    case 'listed':
      return takeLists(state, action.lists);
    case 'reset':
      // Another run of the gateway may have another clock: a simulated evening begins anew.
      return { ...state, listed: false, serverTime: undefined, preAlarms: new Map() };
    case 'alarm':
      return takeAlarm(state, action.news);
    case 'pre-alarm':
      return takePreAlarm(state, action.news);
    case 'response':
      return takeResponse(state, action.response);
    case 'responses':
      return { ...state, responses: new Map(action.responses.map((each) => [each.alarm, each])) };
    case 'zones':
      return takeZones(state, action.zones);
    case 'devices':
      return { ...state, devices: withDevices(state.devices, action.devices) };
    case 'status':
      return takeStatus(state, action.status, action.nowMs);
    case 'acknowledging':
      return { ...state, acknowledging: new Map(state.acknowledging).set(action.id, action.state) };
    case 'acknowledged':
      return takeAlarm(state, { type: 'acknowledged', at: action.alarm.changedAt, alarm: action.alarm });
    case 'page':
      return { ...state, page: action.page };
    case 'trend':
      return { ...state, trend: action.choice };
    case 'settings':
      return { ...state, settings: { ...state.settings, ...action.settings } };
  }
};
