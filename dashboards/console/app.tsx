import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { AlarmList } from './alarms/alarm-list.tsx';
import { Announcer } from './alarms/announcer.tsx';
import { type Commands, type ConsoleContext, ConsoleProvider } from './console-context.ts';
import { DeviceList } from './devices/device-list.tsx';
import { ConnectionBanner } from './frame/banner.tsx';
import { FrozenBanner } from './frame/frozen.tsx';
import { Header } from './frame/header.tsx';
import { LogIn } from './frame/log-in.tsx';
import { RedStrip, Tabs } from './frame/tabs.tsx';
import { waitingCounts } from './state/alarms.ts';
import { isLive } from './state/link.ts';
import { serverNowMs } from './state/server-time.ts';
import type { State } from './state/state.ts';
import { type Language, type Speech, speechIn } from './texts/texts.ts';
import { Trend } from './trend/trend.tsx';
import { ZoneList } from './zones/zone-list.tsx';

export interface AppProps {
  readonly state: State;
  readonly language: Language;
  readonly commands: Commands;
  /** The browser does not let the page sound yet. */
  readonly soundBlocked: boolean;
}

/** The page's clock ticks once a second. */
const SLACK_MS = 1_000;

/** What people call a zone or device, and which of its channels. */
const namer =
  ({ zones, devices }: State, { pick }: Speech) =>
  (subject: string): string => {
    const [id = subject, channel] = subject.split('/', 2);
    const named = zones.get(id) ?? devices.get(id);
    const name = named === undefined ? id : pick(named.name);
    return channel === undefined ? name : `${name} / ${channel}`;
  };

const contextOf = ({ state, commands }: AppProps, speech: Speech): ConsoleContext => {
  const { who, venue, serverTime, nowMs } = state;
  const session = who.phase === 'known' ? who.session : undefined;
  return {
    speech,
    commands,
    timezone: venue?.timezone ?? 'UTC',
    serverMs: serverTime === undefined ? Date.parse(state.status?.now ?? '') || 0 : serverNowMs(serverTime, nowMs),
    slackMs: SLACK_MS * (serverTime?.rate ?? 1),
    live: isLive(state),
    mayAcknowledge: session !== undefined && session.role !== 'viewer',
    userName: session === undefined || session.anonymous ? undefined : session.name,
    roleName: session === undefined ? '' : speech.say(`role.${session.role}`),
    nameOf: namer(state, speech),
    responseOf: (id) => state.responses.get(id),
  };
};

const Panes = ({ state }: { readonly state: State }): JSX.Element => {
  const waiting = waitingCounts(state.alarms);
  return (
    <>
      <RedStrip page={state.page} waiting={waiting} />
      <main class="panes" data-page={state.page}>
        <AlarmList state={state} />
        <div class="side">
          <ZoneList state={state} />
          <Trend state={state} />
          <DeviceList state={state} />
        </div>
      </main>
      <Tabs page={state.page} waiting={waiting} />
    </>
  );
};

/** The whole page, from its state. */
export const App = (props: AppProps): JSX.Element => {
  const { state, language, soundBlocked } = props;
  const speech = useMemo(() => speechIn(language), [language]);
  const context = contextOf(props, speech);
  const loggedOut = state.who.phase === 'needed';
  return (
    <ConsoleProvider value={context}>
      <div class={`app ${context.live ? 'app-live' : 'app-not-live'}`} data-live={context.live}>
        <a class="skip" href="#alarms">
          {speech.say('app.skip')}
        </a>
        <Header state={state} soundBlocked={soundBlocked} />
        {state.who.phase === 'needed' ? (
          <LogIn expired={state.who.expired} />
        ) : (
          <>
            <ConnectionBanner state={state} />
            <FrozenBanner frozen={state.status?.frozen} />
            <Panes state={state} />
          </>
        )}
        <Announcer call={loggedOut ? undefined : state.call} />
      </div>
    </ConsoleProvider>
  );
};
