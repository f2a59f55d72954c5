import type { JSX } from 'preact';
import type { AlarmView, ZoneStatus } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import { graveness } from '../state/alarms.ts';
import type { State } from '../state/state.ts';
import { ZoneCard } from './zone-card.tsx';

const urgency = ({ phase, severity }: ZoneStatus): number =>
  phase === 'active' && severity !== undefined ? graveness(severity) : 0;

const openIn = (alarms: ReadonlyMap<string, AlarmView>, zone: string): number => {
  let count = 0;
  for (const alarm of alarms.values()) if (alarm.zone === zone || alarm.subject === zone) count += 1;
  return count;
};

export const ZoneList = ({ state }: { readonly state: State }): JSX.Element => {
  const { speech } = useConsole();
  const zones = [...state.zones.values()];
  const counted = zones.filter(({ rule }) => rule !== undefined).sort((a, b) => urgency(b) - urgency(a));
  const others = zones.filter(({ rule }) => rule === undefined);
  return (
    <section class="pane pane-zones" id="zones" aria-labelledby="zones-title">
      <div class="pane-head">
        <h2 id="zones-title">{speech.say('zones.title')}</h2>
      </div>
      <div class="pane-body">
        {state.listed && zones.length === 0 ? <p class="empty">{speech.say('zones.none')}</p> : null}
        <div class="zone-grid">
          {counted.map((zone) => (
            <ZoneCard
              key={zone.id}
              zone={zone}
              course={state.courses.get(zone.id) ?? []}
              openAlarms={openIn(state.alarms, zone.id)}
            />
          ))}
        </div>
        {others.length === 0 ? null : (
          <ul class="zones-uncounted">
            {others.map((zone) => {
              const open = openIn(state.alarms, zone.id);
              return (
                <li key={zone.id}>
                  {speech.pick(zone.name)}{' '}
                  <span class={open === 0 ? 'muted' : 'figure figure-waiting'}>
                    {open === 0 ? speech.say('zones.notCounted') : speech.say('zones.open', { count: open })}
                  </span>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </section>
  );
};
