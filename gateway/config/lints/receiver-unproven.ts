import type { Finding } from '../finding.ts';
import type { Lint } from './lint.ts';

/** Receivers that nothing proves to hear: deaf, they look like an empty hall. */
export const receiverUnproven: Lint = ({ registry }) =>
  registry.receivers
    .filter(({ canary }) => canary === undefined)
    .map(
      ({ name }): Finding => ({
        code: 'receiver-unproven',
        severity: 'note',
        path: ['receivers', name],
        message: {
          zh: '没有校验信标（canary）：该接收器失聪时无人知晓',
          en: 'it has no canary: nobody would know if it were deaf',
        },
        advice: {
          zh: '在接收器旁固定放一个信标，把它的设备 id 或 MAC 写入 canary',
          en: 'Put a beacon beside it and write its id or MAC address under canary',
        },
      }),
    );
