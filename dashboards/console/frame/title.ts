import { waitingCounts } from '../state/alarms.ts';
import { troubleOf } from '../state/link.ts';
import type { State } from '../state/state.ts';
import type { Speech } from '../texts/texts.ts';

/** Title of the tab: how many alarms wait, red ones by name, and whether the page is live. */
export const pageTitle = (state: State, { say, pick }: Speech): string => {
  const { venue, alarms, who } = state;
  const name = venue === undefined ? say('app.title') : `${pick(venue.name)} · Muster`;
  if (who.phase === 'needed') return name;
  const { all, red } = waitingCounts(alarms);
  const count = all === 0 ? '' : `(${all}) ${red === 0 ? '' : `${say('severity.redShort')} ${red} · `}`;
  const lost = troubleOf(state) === undefined ? '' : `⚠ ${say('link.lost')} · `;
  return lost + count + name;
};
