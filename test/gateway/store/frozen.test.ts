import { expect, test } from 'vitest';
import type { Frozen } from '../../../gateway/response/decision.ts';
import { committed, openTestStore, temporaryDirectory } from './fixture.ts';

const T = Date.UTC(2026, 5, 1, 12);

/** Hoisting, which people of this role are to lift; undefined: an engineer. */
const frozenFor = (releasedBy?: string): Frozen => ({
  operation: 'hoisting',
  name: { zh: '吊装', en: 'Hoisting' },
  alarm: 'help.b1.abc',
  kind: 'sos',
  subject: 'b1',
  sinceMs: T,
  reason: { zh: '停止', en: 'stopped' },
  ...(releasedBy === undefined ? {} : { releasedBy }),
});

test('of an operation that stands still for several roles, what each has lifted is gone, and nothing else', async () => {
  const directory = temporaryDirectory();
  const first = await openTestStore(directory);
  for (const role of ['guard', 'manager', undefined])
    first.response({ type: 'frozen', atMs: T, frozen: frozenFor(role) });
  first.response({ type: 'lifted', atMs: T + 1, frozen: frozenFor('guard') });
  await committed(first);
  await first.stop();
  const second = await openTestStore(directory);
  const { frozen } = await second.responseKept();
  expect(frozen).toHaveLength(2);
  expect(frozen).toEqual(expect.arrayContaining([frozenFor('manager'), frozenFor()]));
  second.response({ type: 'lifted', atMs: T + 2, frozen: frozenFor() });
  await committed(second);
  await second.stop();
  const third = await openTestStore(directory);
  expect((await third.responseKept()).frozen).toEqual([frozenFor('manager')]);
});
