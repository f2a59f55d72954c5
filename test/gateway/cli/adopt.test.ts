import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Adoption, adoptDevice } from '../../../gateway/cli/adopt-device.ts';
import { readVenueFile } from '../../../gateway/config/load.ts';
import { VENUE } from '../config/fixture.ts';
import { printer } from './printer.ts';

const TEXT = `# Riverside, east side
${VENUE}
zones: { hall: {} }   # one for now

badges:
  b-1: { role: guard }   # Li, from Monday

# end
`;

const ADDRESS = 'ruuvi-gateway:F4:1F:0C:28:CB:D6';

const adopt = (more: Partial<Adoption>, text = TEXT) => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-adopt-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'venue.yaml');
  writeFileSync(path, text);
  const printed = printer();
  const adoption: Adoption = { file: path, locale: 'en', address: ADDRESS, id: 'b-2', ...more };
  const code = adoptDevice(adoption, printed.out, printed.err);
  return { code, path, ...printed.texts(), text: readFileSync(path, 'utf8') };
};

test('a badge is written with its wearer, and nothing else is touched', () => {
  const { code, out, text, path } = adopt({ role: 'guard', wearer: '王 W.', zone: 'hall' });
  const line = `b-2: { role: guard, wearer: 王 W., zone: hall, address: ${ADDRESS} }`;
  expect(text).toBe(TEXT.replace('# Li, from Monday\n', `# Li, from Monday\n  ${line}\n`));
  expect(readVenueFile(path).badges['b-2']).toMatchObject({ profile: 'badge', wearer: '王 W.', address: ADDRESS });
  expect([code, out]).toEqual([
    0,
    `Written to ${path} under badges:\n  ${line}\nIt counts once the running gateway has read it again, which interrupts nothing: muster reload -c ${path}, or systemctl reload muster\n`,
  ]);
  expect(adopt({ role: 'guard', locale: 'zh-CN' }).out).toContain('muster reload -c');
});

test('a thing without a wearer is written under devices', () => {
  const { code, text } = adopt({ id: 'hall-temp', profile: 'climate', zone: 'hall' });
  expect([code, text]).toEqual([
    0,
    `${TEXT}\ndevices:\n  hall-temp: { profile: climate, zone: hall, address: ${ADDRESS} }\n`,
  ]);
});

test.each([
  [
    'a name that is taken',
    { id: 'b-1', profile: 'climate' },
    /the name is taken \(already used by badges\.b-1\)|the name is taken/,
  ],
  ['an address that is taken', { address: 'senml:b-1', profile: 'climate' }, /the address is taken/],
  ['a zone that there is not', { profile: 'climate', zone: 'hal' }, /no such zone.*did you mean "hall"/],
  ['a profile that there is not', { profile: 'climat' }, /no such profile.*did you mean "climate"/],
  ['a role that there is not', { role: 'gard' }, /no such role.*did you mean "guard"/],
  ['a format that there is not', { profile: 'climate', address: 'ruvi-gateway:x' }, /did you mean "ruuvi-gateway"/],
  ['an address without a format', { profile: 'climate', address: 'nonsense' }, /<format>:<name/],
  ['no profile', {}, /profile/],
  ['an id that topics cannot hold', { id: 'a b', profile: 'climate' }, /letters, digits/],
] as const)('%s is refused, and the file stays as it was', (_, more, said) => {
  const { code, err, out, text } = adopt(more);
  expect([code, out, text]).toEqual([2, '', TEXT]);
  expect(err).toMatch(said);
  expect(err).toContain('the file was not changed\n');
});

test('an entry that is there already is refused', () => {
  const { code, err, text } = adopt({ id: 'b-1', role: 'guard' });
  expect([code, text]).toEqual([2, TEXT]);
  expect(err).toContain('the file has such an entry already');
});
