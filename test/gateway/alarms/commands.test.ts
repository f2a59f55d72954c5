import { expect, test } from 'vitest';
import { carryOut, downlink } from '../../../gateway/alarms/commands.ts';
import { type Command, GATEWAY_DEVICE } from '../../../rules/rule.ts';

const run = (command: Command) => {
  const published: unknown[] = [];
  const locked: string[] = [];
  const publish = (topic: string, payload: string, options: object): void => {
    published.push([topic, JSON.parse(payload), options]);
  };
  const send = downlink('hall', [{ publish }]);
  const log = { warn: () => undefined };
  carryOut({ send, lock: (account) => void locked.push(account), log })({
    atMs: 0,
    rule: 'r',
    subject: 's',
    command,
  });
  return { published, locked };
};

test('what a device has to do goes to its down topic, once and not retained', () => {
  const { published, locked } = run({
    id: 'lock.r.s.1',
    device: 'records',
    do: 'lock',
    with: { account: 'li', id: 'x', do: 'y' },
  });
  expect(published).toEqual([
    ['muster/hall/down/records', { id: 'lock.r.s.1', do: 'lock', account: 'li' }, { retain: false, qos: 1 }],
  ]);
  expect(locked).toEqual([]);
});

test('what the gateway has to do it does itself; what it cannot do, it does not', () => {
  const own = { id: 'c', device: GATEWAY_DEVICE };
  expect(run({ ...own, do: 'lock', with: { account: 'li' } })).toEqual({ published: [], locked: ['li'] });
  expect(run({ ...own, do: 'lock', with: { account: 7 } })).toEqual({ published: [], locked: [] });
  expect(run({ ...own, do: 'sing', with: { account: 'li' } })).toEqual({ published: [], locked: [] });
});
