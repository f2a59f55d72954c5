import type { JSX } from 'preact';
import type { ZoneStatus } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import { SeverityIcon, UnknownIcon } from '../frame/icons.tsx';
import type { Course } from '../state/state.ts';
import { certainty, directionOf } from '../state/zones.ts';
import { ageText } from '../texts/spoken.ts';
import { DensityBar, type Limits } from './density-bar.tsx';

const ARROWS = { rising: '↗', falling: '↘', steady: '→' } as const;

const Arrow = ({ course }: { readonly course: Course }): JSX.Element | null => {
  const { speech } = useConsole();
  const direction = directionOf(course);
  if (direction === undefined) return null;
  return (
    <span class={`arrow arrow-${direction}`} title={speech.say(`zones.${direction}`)}>
      <span aria-hidden="true">{ARROWS[direction]}</span>
      <span class="for-readers">{speech.say(`zones.${direction}`)}</span>
    </span>
  );
};

const Verdict = ({ zone, sure }: { readonly zone: ZoneStatus; readonly sure: Sure }): JSX.Element => {
  const { speech, serverMs } = useConsole();
  if (sure === 'unknown') {
    return (
      <span class="chip chip-unknown">
        <UnknownIcon />
        {speech.say('zones.unknown')}
      </span>
    );
  }
  if (sure === 'stale') {
    const age = zone.countedAt === undefined ? '' : ageText(speech, serverMs - Date.parse(zone.countedAt));
    return (
      <span class="chip chip-unknown">
        <UnknownIcon />
        {age === '' ? speech.say('zones.noData') : speech.say('zones.stale', { age })}
      </span>
    );
  }
  if (zone.phase === 'active' && zone.severity !== undefined) {
    return (
      <span class={`chip chip-severity severity-${zone.severity}`}>
        <SeverityIcon severity={zone.severity} />
        {speech.say(`severity.${zone.severity}Short`)}
      </span>
    );
  }
  return <span class="chip">{speech.say('zones.normal')}</span>;
};

type Sure = 'known' | 'stale' | 'unknown';

/** Density where the zone has an area, else persons against the capacity. */
const measured = (zone: ZoneStatus): { readonly value: number | undefined; readonly limits: Limits } =>
  zone.densityLimits !== undefined && zone.areaM2 !== undefined
    ? { value: zone.densityPerM2, limits: zone.densityLimits }
    : { value: zone.persons, limits: zone.personsLimits ?? {} };

const Figures = ({ zone, sure }: { readonly zone: ZoneStatus; readonly sure: Sure }): JSX.Element => {
  const { speech } = useConsole();
  const { persons, errorPersons, capacity, densityPerM2, use } = zone;
  const band = errorPersons === undefined || errorPersons === 0 ? '' : ` ±${Math.round(errorPersons)}`;
  const count = `${persons ?? '–'}${band}${capacity === undefined ? '' : ` / ${capacity}`}`;
  return (
    <p class={`zone-figures ${sure === 'known' ? '' : 'uncertain'}`}>
      <span class="zone-density">
        {densityPerM2 === undefined ? '–' : densityPerM2.toFixed(2)}{' '}
        <small>
          {speech.say('zones.densityUnit')} · {speech.say(`zones.${use}`)}
        </small>
      </span>
      <span class="zone-persons">{speech.say('zones.persons', { count })}</span>
    </p>
  );
};

const minutesText = (minutes: number): string => String(Math.max(1, Math.round(minutes)));

/** What comes if it goes on like this, what two counts disagree on, and how long it takes to leave. */
const Outlook = ({ zone, sure }: { readonly zone: ZoneStatus; readonly sure: Sure }): JSX.Element | null => {
  const { speech } = useConsole();
  const { forecast, exitFlow, egressMinutes, conflict } = zone;
  if (sure !== 'known') return null;
  const said = [
    forecast === undefined
      ? ''
      : speech.say('zones.forecast', {
          minutes: minutesText(forecast.minutes),
          limit: forecast.limit,
          unit: speech.say(forecast.unit === 'persons' ? 'zones.personsUnit' : 'zones.densityUnit'),
        }),
    conflict === undefined ? '' : speech.say(`zones.conflict-${conflict}`),
    exitFlow === undefined ? '' : speech.say('zones.exitFlow', { percent: Math.round(exitFlow.share * 100) }),
    egressMinutes === undefined ? '' : speech.say('zones.egress', { minutes: minutesText(egressMinutes) }),
  ].filter((text) => text !== '');
  return said.length === 0 ? null : <p class="note">{said.join(' · ')}</p>;
};

export interface ZoneCardProps {
  readonly zone: ZoneStatus;
  readonly course: Course;
  readonly openAlarms: number;
}

export const ZoneCard = ({ zone, course, openAlarms }: ZoneCardProps): JSX.Element | null => {
  const context = useConsole();
  const { speech, live, nameOf } = context;
  const sure = certainty(zone, live, context);
  if (sure === 'uncounted') return null;
  const { value, limits } = measured(zone);
  const name = speech.pick(zone.name);
  const limitsText = Object.values(limits).join(' / ');
  const label = speech.say('zones.barLabel', {
    zone: name,
    density: value ?? speech.say('zones.unknown'),
    limits: limitsText,
  });
  return (
    <article class={`zone zone-${sure}`} data-zone={zone.id} data-certainty={sure} data-severity={zone.severity}>
      <header>
        <h3>{name}</h3>
        {sure === 'known' ? <Arrow course={course} /> : null}
        {openAlarms === 0 ? null : <span class="figure">{speech.say('zones.open', { count: openAlarms })}</span>}
        <Verdict zone={zone} sure={sure} />
      </header>
      <Figures zone={zone} sure={sure} />
      <DensityBar value={value} limits={limits} certainty={sure} label={label} />
      <Outlook zone={zone} sure={sure} />
      {zone.lacking.length === 0 ? null : (
        <p class="note">
          {speech.say('zones.noData')}: {zone.lacking.map(nameOf).join(', ')}. {speech.say('zones.unknownDetail')}
        </p>
      )}
    </article>
  );
};
