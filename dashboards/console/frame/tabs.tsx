import type { JSX } from 'preact';
import { useConsole } from '../console-context.ts';
import { PAGES, type Page } from '../state/state.ts';
import { BellIcon, CrowdIcon, SensorIcon, SeverityIcon, TrendIcon } from './icons.tsx';

const ICONS: Readonly<Record<Page, () => JSX.Element>> = {
  alarms: BellIcon,
  zones: CrowdIcon,
  devices: SensorIcon,
  trend: TrendIcon,
};

export interface Waiting {
  readonly all: number;
  readonly red: number;
}

/** Where the thumb is; the pages of a phone. A wall shows them all and hides this. */
export const Tabs = ({ page, waiting }: { readonly page: Page; readonly waiting: Waiting }): JSX.Element => {
  const { speech } = useConsole();
  return (
    <nav class="tabs" aria-label={speech.say('nav.label')}>
      {PAGES.map((each) => {
        const PageIcon = ICONS[each];
        const count = each === 'alarms' ? waiting.all : 0;
        return (
          <a key={each} href={`#${each}`} class="tab" aria-current={page === each ? 'page' : undefined}>
            <PageIcon />
            <span>{speech.say(`nav.${each}`)}</span>
            {count === 0 ? null : <span class={`count ${waiting.red > 0 ? 'count-red' : ''}`}>{count}</span>}
          </a>
        );
      })}
    </nav>
  );
};

/** On every other page of a phone: red alarms are waiting. */
export const RedStrip = ({ page, waiting }: { readonly page: Page; readonly waiting: Waiting }): JSX.Element | null => {
  const { speech } = useConsole();
  if (waiting.red === 0 || page === 'alarms') return null;
  return (
    <a class="red-strip" href="#alarms">
      <SeverityIcon severity="red" />
      <strong>{speech.say('alarms.redStrip', { count: waiting.red })}</strong>
      <span class="red-strip-show">{speech.say('alarms.show')}</span>
    </a>
  );
};
