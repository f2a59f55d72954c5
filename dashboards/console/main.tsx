import { render } from 'preact';
import { alarmSound } from './alarms/sound.ts';
import { App } from './app.tsx';
import { coalesced, every, pageClock } from './clock.ts';
import type { Commands } from './console-context.ts';
import { pageTitle } from './frame/title.ts';
import { createGateway } from './live/gateway.ts';
import { keepSettings, pageOf, readSettings } from './settings.ts';
import { startState } from './state/state.ts';
import { createStore } from './state/store.ts';
import { languageFor, speechIn } from './texts/texts.ts';

const TICK_MS = 1_000;

const root = document.getElementById('console');
if (root === null) throw new Error('index.html has no place for the page');

const clock = pageClock();
const store = createStore(startState(readSettings(), pageOf(location.hash), clock.nowMs()));
const gateway = createGateway(store, clock);

const draw = coalesced(() => {
  const { state } = store;
  const { settings, venue } = state;
  const locale = venue?.locale === 'zh-CN' || venue?.locale === 'en' ? venue.locale : undefined;
  const language = languageFor(settings.language ?? null, navigator.languages, locale);
  document.documentElement.lang = language;
  document.documentElement.dataset.theme = settings.theme;
  document.title = pageTitle(state, speechIn(language));
  render(<App state={state} language={language} commands={commands} soundBlocked={sound.blocked} />, root);
});

const sound = alarmSound(() => store.state, store.listen, draw);

const commands: Commands = {
  acknowledge: (id) => void gateway.acknowledge(id),
  deeds: gateway.deeds,
  cancelPreAlarm: gateway.cancelPreAlarm,
  lift: gateway.lift,
  followUpDone: gateway.followUpDone,
  commandDone: gateway.commandDone,
  logIn: gateway.logIn,
  logOut: () => void gateway.logOut(),
  retryNow: gateway.retryNow,
  showTrend: (choice) => {
    store.dispatch({ do: 'trend', choice });
    location.hash = 'trend';
  },
  change: (settings) => {
    store.dispatch({ do: 'settings', settings });
    keepSettings(store.state.settings);
    sound.unlock();
  },
};

/** The clock goes on, also for a page that comes back from sleep before its timers do. */
const tick = (): void => store.dispatch({ do: 'tick', nowMs: clock.nowMs() });

store.listen(draw);
every(TICK_MS, tick);
addEventListener('hashchange', () => store.dispatch({ do: 'page', page: pageOf(location.hash) }));
for (const event of ['pointerdown', 'keydown']) addEventListener(event, sound.unlock, { passive: true });
for (const event of ['online', 'pageshow']) addEventListener(event, gateway.retryNow);
document.addEventListener('visibilitychange', () => {
  tick();
  gateway.retryNow();
});
draw();
void gateway.start();
