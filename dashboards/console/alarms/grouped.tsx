import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { AlarmView } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';

interface GroupedProps {
  readonly others: readonly AlarmView[];
  show(alarm: AlarmView): JSX.Element;
}

/** So many at once when they are shown. */
const SHOWN_MAX = 50;

/** In a flood: alarms that people were told of together with the one above. They are all here, behind their number. */
export const Grouped = ({ others, show }: GroupedProps): JSX.Element | null => {
  const { speech } = useConsole();
  const [isOpen, setOpen] = useState(false);
  if (others.length === 0) return null;
  const count = others.length;
  return (
    <details class="grouped" data-grouped={count} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{speech.say('group.others', { count })}</summary>
      {isOpen ? (
        <ul class="alarm-list">
          {others.slice(0, SHOWN_MAX).map((alarm) => (
            <li key={alarm.id}>{show(alarm)}</li>
          ))}
        </ul>
      ) : null}
      {isOpen && count > SHOWN_MAX ? (
        <p class="muted">{speech.say('alarms.more', { count: count - SHOWN_MAX })}</p>
      ) : null}
    </details>
  );
};
