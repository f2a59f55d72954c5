import type { Finding } from '../finding.ts';
import type { Lint, LintContext } from './lint.ts';
import { isConcerned, pathOf } from './lint.ts';

const isCalibrated = ({ config }: LintContext, id: string): boolean =>
  (config.badges[id] ?? config.devices[id])?.upright !== undefined;

/** Badges and stands under a tilt rule whose upright position nobody has measured. */
export const uprightMissing: Lint = (context) =>
  context.rules
    .filter(({ config }) => config.kind === 'tilt')
    .flatMap((rule) =>
      [...context.registry.venue.devices.values()]
        .filter((device) => !isCalibrated(context, device.id) && isConcerned(rule, device))
        .map(
          (device): Finding => ({
            code: 'upright-missing',
            severity: 'finding',
            path: pathOf(context, device),
            message: {
              zh: `未校准直立方向（upright）：规则 ${rule.config.id} 会以 [0, 0, 1] 计算倾角`,
              en: `no calibrated upright: rule ${rule.config.id} measures its tilt from [0, 0, 1]`,
            },
            advice: {
              zh: `佩戴好后直立静止，运行 muster badges calibrate ${device.id}`,
              en: `With it worn, upright and at rest, run muster badges calibrate ${device.id}`,
            },
          }),
        ),
    );
