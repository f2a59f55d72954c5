import type { JSX } from 'preact';
import { useConsole } from '../console-context.ts';
import { troubleOf } from '../state/link.ts';
import type { State } from '../state/state.ts';
import { clockText } from '../texts/spoken.ts';
import { LeaveIcon, SoundIcon, ThemeIcon } from './icons.tsx';

const LinkPill = ({ phase }: { readonly phase: State['link']['phase'] }): JSX.Element => {
  const { speech } = useConsole();
  return (
    <span class={`link-pill link-${phase}`} data-link={phase}>
      <span class="dot" aria-hidden="true" />
      {speech.say(`link.${phase}`)}
    </span>
  );
};

const Tools = ({
  settings,
  soundBlocked,
}: Pick<State, 'settings'> & { readonly soundBlocked: boolean }): JSX.Element => {
  const { speech, commands, userName } = useConsole();
  const { say, language } = speech;
  const { sound, theme } = settings;
  const audible = sound && !soundBlocked;
  const otherTheme = theme === 'dark' ? 'light' : 'dark';
  return (
    <div class="tools">
      <button
        type="button"
        class={`tool ${audible ? 'tool-on' : ''}`}
        aria-pressed={audible}
        aria-label={say(audible ? 'tool.soundTurnOff' : 'tool.soundTurnOn')}
        title={say(audible ? 'tool.soundTurnOff' : 'tool.soundTurnOn')}
        onClick={() => commands.change({ sound: !audible })}
      >
        <SoundIcon on={audible} />
      </button>
      <button
        type="button"
        class="tool"
        aria-label={say(theme === 'dark' ? 'tool.themeToLight' : 'tool.themeToDark')}
        title={say(theme === 'dark' ? 'tool.themeToLight' : 'tool.themeToDark')}
        onClick={() => commands.change({ theme: otherTheme })}
      >
        <ThemeIcon />
      </button>
      <button
        type="button"
        class="tool tool-text"
        data-tool="language"
        lang={language === 'en' ? 'zh-CN' : 'en'}
        aria-label={say('tool.languageLabel')}
        onClick={() => commands.change({ language: language === 'en' ? 'zh-CN' : 'en' })}
      >
        {language === 'en' ? '中文' : 'EN'}
      </button>
      {userName === undefined ? null : (
        <button
          type="button"
          class="tool"
          aria-label={say('tool.logOutLabel', { user: userName })}
          title={say('tool.logOutLabel', { user: userName })}
          onClick={commands.logOut}
        >
          <LeaveIcon />
        </button>
      )}
    </div>
  );
};

export const Header = ({
  state,
  soundBlocked,
}: {
  readonly state: State;
  readonly soundBlocked: boolean;
}): JSX.Element => {
  const { speech, serverMs, timezone, userName, roleName } = useConsole();
  const { venue, link, settings, serverTime, who } = state;
  const phase = troubleOf(state) === undefined ? link.phase : 'lost';
  return (
    <header class="header">
      <div class="header-what">
        <h1>{venue === undefined ? speech.say('app.title') : speech.pick(venue.name)}</h1>
        <p class="header-state">
          {who.phase === 'needed' ? null : <LinkPill phase={phase} />}
          {serverTime === undefined ? null : (
            <time class="clock" title={speech.say('tool.clock')} dateTime={new Date(serverMs).toISOString()}>
              {clockText(serverMs, timezone)}
            </time>
          )}
          {userName === undefined ? null : (
            <span class="user">
              {userName} · {roleName}
            </span>
          )}
        </p>
      </div>
      <Tools settings={settings} soundBlocked={soundBlocked} />
    </header>
  );
};
