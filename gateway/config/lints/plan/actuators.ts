import type { Finding } from '../../finding.ts';
import { planEntries } from '../../plan-entries.ts';
import type { VenueConfig } from '../../schema.ts';
import type { Lint } from '../lint.ts';

const ADVICE = {
  zh: '让执行器（或其网桥）以自己的 id 连接内置 MQTT 服务器：订阅 down/<id>，完成后在 up/<id> 回复 done',
  en: 'Let the actuator, or a bridge for it, connect to the embedded broker: it reads down/<id> and answers done on up/<id>',
};

const finding = (path: readonly PropertyKey[], zh: string, en: string): Finding => ({
  code: 'actuator-unconfirmed',
  severity: 'finding',
  path,
  message: { zh, en },
  advice: ADVICE,
});

/** Only Muster's own format has a word for a command that was carried out. */
const canConfirm = ({ devices, badges }: VenueConfig, id: string): boolean => {
  const entry = Object.hasOwn(devices, id) ? devices[id] : Object.hasOwn(badges, id) ? badges[id] : undefined;
  const { address } = entry ?? {};
  const all = address === undefined ? [`senml:${id}`] : [address].flat();
  return all.some((each) => each === `senml:${id}`);
};

/** Commands that no actuator can hear, or none can confirm: each of them would end in an alarm. */
export const actuators: Lint = ({ config }) => {
  const hasBroker = config.sources.some(({ kind }) => kind === 'mqtt-broker');
  return planEntries(config).flatMap(([place, { commands = [] }]) => {
    const path = [...place, 'commands'];
    if (commands.length === 0) return [];
    if (!hasBroker)
      return [finding(path, '没有内置 MQTT 服务器，命令无法送达', 'without the embedded broker no command arrives')];
    return commands.flatMap(({ device }, index) =>
      canConfirm(config, device)
        ? []
        : [
            finding(
              [...path, index, 'device'],
              `${device} 的数据格式不能确认命令`,
              `what ${device} sends has no word to confirm a command`,
            ),
          ],
    );
  });
};
