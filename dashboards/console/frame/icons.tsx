import type { ComponentChildren, JSX } from 'preact';
import type { Severity } from '../state/alarms.ts';

const Icon = ({ children, name }: { readonly children: ComponentChildren; readonly name: string }): JSX.Element => (
  <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    {children}
  </svg>
);

/** The outlines differ, so that severity is told without colour: octagon, diamond, triangle, circle. */
const SHAPES: Readonly<Record<Severity, JSX.Element>> = {
  red: <path d="M8 1h8l7 7v8l-7 7H8l-7-7V8z" />,
  orange: <path d="M12 1l11 11-11 11L1 12z" />,
  yellow: <path d="M12 2l11.5 20H.5z" />,
  blue: <circle cx="12" cy="12" r="11" />,
};

const SIGNS: Readonly<Record<Severity, JSX.Element>> = {
  red: <path d="M12 5.5v8M12 17v1.6" />,
  orange: <path d="M12 6v7M12 16.2v1.6" />,
  yellow: <path d="M12 9v6M12 18v1" />,
  blue: <path d="M12 6v1.4M12 10.5v7.5" />,
};

export const SeverityIcon = ({ severity }: { readonly severity: Severity }): JSX.Element => (
  <svg class={`severity-icon severity-${severity}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <g class="shape">{SHAPES[severity]}</g>
    <g class="sign">{SIGNS[severity]}</g>
  </svg>
);

export const UnknownIcon = (): JSX.Element => (
  <Icon name="unknown">
    <circle cx="12" cy="12" r="10" stroke-dasharray="4 3" />
    <path d="M9 9.2a3 3 0 1 1 4.6 2.5c-1 .6-1.6 1.1-1.6 2.3M12 17.2v.8" />
  </Icon>
);
export const CheckIcon = (): JSX.Element => (
  <Icon name="check">
    <path d="M4 12.5l5.5 5.5L20 7" />
  </Icon>
);
export const BellIcon = (): JSX.Element => (
  <Icon name="bell">
    <path d="M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21.5h4" />
  </Icon>
);
export const CrowdIcon = (): JSX.Element => (
  <Icon name="crowd">
    <circle cx="8.5" cy="8" r="3.5" />
    <path d="M2 20c0-4 3-6.5 6.5-6.5S15 16 15 20M15.5 4.8a3.4 3.4 0 0 1 0 6.4M17.5 14c2.7.8 4.5 3 4.5 6" />
  </Icon>
);
export const SensorIcon = (): JSX.Element => (
  <Icon name="sensor">
    <circle cx="12" cy="12" r="2.2" />
    <path d="M7.5 7.5a6.4 6.4 0 0 0 0 9M16.5 7.5a6.4 6.4 0 0 1 0 9M4.5 4.5a10.6 10.6 0 0 0 0 15M19.5 4.5a10.6 10.6 0 0 1 0 15" />
  </Icon>
);
export const TrendIcon = (): JSX.Element => (
  <Icon name="trend">
    <path d="M3 3v18h18M6.5 15.5l4.5-5 3.5 3L20 7" />
  </Icon>
);
export const SoundIcon = ({ on }: { readonly on: boolean }): JSX.Element => (
  <Icon name="sound">
    <path d="M4 9.5v5h3.5L12 19V5L7.5 9.5z" />
    {on ? <path d="M15.5 8.5a5 5 0 0 1 0 7M18 5.5a9 9 0 0 1 0 13" /> : <path d="M16 9.5l5 5M21 9.5l-5 5" />}
  </Icon>
);
export const ThemeIcon = (): JSX.Element => (
  <Icon name="theme">
    <circle cx="12" cy="12" r="8.5" />
    <path class="filled" d="M12 3.5a8.5 8.5 0 0 1 0 17z" />
  </Icon>
);
export const LeaveIcon = (): JSX.Element => (
  <Icon name="leave">
    <path d="M14 4H5v16h9M10 12h11M17.5 8l4 4-4 4" />
  </Icon>
);
export const SearchIcon = (): JSX.Element => (
  <Icon name="search">
    <circle cx="10.5" cy="10.5" r="6.5" />
    <path d="M15.5 15.5L21 21" />
  </Icon>
);
export const LinkOffIcon = (): JSX.Element => (
  <Icon name="link-off">
    <path d="M3 3l18 18M8.5 13.5a5 5 0 0 1 5-1.8M5 10a10 10 0 0 1 4-2.4M13 7a10 10 0 0 1 6 3M12 18.5v.1" />
  </Icon>
);
