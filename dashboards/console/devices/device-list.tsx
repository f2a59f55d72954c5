import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DeviceStatus } from '../../../gateway/api/contract.ts';
import { useConsole } from '../console-context.ts';
import { SearchIcon } from '../frame/icons.tsx';
import { type DeviceFilter, matching } from '../state/devices.ts';
import { deviceKey } from '../state/reduce.ts';
import type { State } from '../state/state.ts';
import { DeviceRow } from './device-row.tsx';
import { windowOf } from './window.ts';

/** Height of a row as `devices.css` has it: rows of one height need no measuring. */
const ROW_PX = 92;
const FILTERS = ['all', 'silent', 'discovered'] as const satisfies readonly DeviceFilter[];

interface Viewport {
  readonly scrollPx: number;
  readonly heightPx: number;
}

/** Only the rows that can be seen are in the page, however many devices there are. */
const Rows = ({ devices }: { readonly devices: readonly DeviceStatus[] }): JSX.Element => {
  const box = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState<Viewport>({ scrollPx: 0, heightPx: 0 });
  useEffect(() => {
    const { current } = box;
    if (current === null) return undefined;
    const look = (): void => setViewport({ scrollPx: current.scrollTop, heightPx: current.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(current);
    current.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      current.removeEventListener('scroll', look);
    };
  }, []);
  const { first, count } = windowOf(devices.length, ROW_PX, viewport.scrollPx, viewport.heightPx);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard
    <div class="device-rows" ref={box} tabIndex={0}>
      <div class="device-space" style={{ height: `${devices.length * ROW_PX}px` }}>
        <ul class="device-window" style={{ transform: `translateY(${first * ROW_PX}px)` }}>
          {devices.slice(first, first + count).map((device) => (
            <li key={deviceKey(device)}>
              <DeviceRow device={device} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
};

export const DeviceList = ({ state }: { readonly state: State }): JSX.Element => {
  const { speech } = useConsole();
  const { devices, zones, listed } = state;
  const [filter, setFilter] = useState<DeviceFilter>('all');
  const [words, setWords] = useState('');
  const counts = useMemo(() => {
    const all = [...devices.values()];
    const count = (each: DeviceFilter): number => matching(all, each, '', () => '').length;
    return { all: all.length, silent: count('silent'), discovered: count('discovered') };
  }, [devices]);
  const shown = useMemo(() => {
    const zoneNames = (id: string): string => {
      const name = zones.get(id)?.name;
      return name === undefined ? id : `${name.zh} ${name.en}`;
    };
    return matching(devices.values(), filter, words, zoneNames);
  }, [devices, zones, filter, words]);
  return (
    <section class="pane pane-devices" id="devices" aria-labelledby="devices-title">
      <div class="pane-head">
        <h2 id="devices-title">{speech.say('devices.title')}</h2>
        <div class="filters">
          {FILTERS.map((each) => (
            <button
              key={each}
              type="button"
              class="filter"
              aria-pressed={filter === each}
              onClick={() => setFilter(each)}
            >
              {speech.say(`devices.${each}`, { count: counts[each] })}
            </button>
          ))}
        </div>
        <label class="search">
          <SearchIcon />
          <span class="for-readers">{speech.say('devices.filter')}</span>
          <input
            type="search"
            placeholder={speech.say('devices.filter')}
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </label>
      </div>
      {listed && shown.length === 0 ? <p class="empty">{speech.say('devices.none')}</p> : null}
      <Rows devices={shown} />
    </section>
  );
};
