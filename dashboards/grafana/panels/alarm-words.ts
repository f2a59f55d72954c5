import { COLOURS } from './limits.ts';
import type { Override } from './panels.ts';
import { worded } from './panels.ts';

/** What the numbers of an alarm mean (gateway/docs/formats.md#influxdb); a test holds them against the gateway. */
export const SEVERITY_NUMBERS = { blue: 1, yellow: 2, orange: 3, red: 4 } as const;
export const CONDITION_NUMBERS = { cleared: 0, pending: 1, active: 2, unknown: 3 } as const;
export const HUMAN_NUMBERS = {
  unacknowledged: 0,
  acknowledged: 1,
  shelved: 2,
  suppressed: 3,
  'out-of-service': 4,
} as const;

const words = (
  numbers: Readonly<Record<string, number>>,
  chinese: Readonly<Record<string, string>>,
  colours: Readonly<Record<string, string>>,
): Readonly<Record<string, { text: string; color: string }>> =>
  Object.fromEntries(
    Object.entries(numbers).map(([name, number]) => [
      String(number),
      { text: `${chinese[name]} ${name}`, color: colours[name] ?? 'text' },
    ]),
  );

/** Words and colours for the columns of a table of alarm events. */
export const ALARM_COLUMNS: readonly Override[] = [
  worded('severity', words(SEVERITY_NUMBERS, { blue: '蓝', yellow: '黄', orange: '橙', red: '红' }, COLOURS)),
  worded(
    'condition',
    words(
      CONDITION_NUMBERS,
      { cleared: '已解除', pending: '待定', active: '持续中', unknown: '不明' },
      { unknown: COLOURS.orange },
    ),
  ),
  worded(
    'human',
    words(
      HUMAN_NUMBERS,
      {
        unacknowledged: '未确认',
        acknowledged: '已确认',
        shelved: '已搁置',
        suppressed: '已抑制',
        'out-of-service': '停用',
      },
      { unacknowledged: COLOURS.red },
    ),
  ),
];
