import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { editVenueFile, editVenueText, type VenueEdit } from '../../../gateway/config/edit-venue-file.ts';
import { loadVenue } from '../../../gateway/config/load.ts';
import { VENUE } from './fixture.ts';

const BADGE: VenueEdit = {
  path: ['badges', 'b-9'],
  value: { role: 'guard', address: 'ruuvi-gateway:AA:BB:CC:DD:EE:01' },
};
const LINE = 'b-9: { role: guard, address: ruuvi-gateway:AA:BB:CC:DD:EE:01 }';

const edited = (text: string, edit: VenueEdit = BADGE): string => {
  const outcome = editVenueText(text, 'venue.yaml', edit);
  if (!('text' in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome.text;
};

/** Exactly this piece was put in, and no other byte has changed. */
const inserted = (before: string, after: string): string => {
  let from = 0;
  while (from < before.length && before[from] === after[from]) from += 1;
  let tail = 0;
  while (tail < before.length - from && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  expect(from + tail).toBe(before.length);
  return after.slice(from, after.length - tail);
};

const UGLY = `# first line
${VENUE}


zones:   {hall: {areaM2:   100},   yard: {}}   # flow, oddly spaced
badges:      # who works here
    # before
    b-1: { role: 'guard' }    # trailing
    "b-2":
        role:   guard   # odd
        wearer: "W. Li"

    # after the last

# the rest
rules: [ {id: sos, kind: sos}, ]
`;

describe('an entry is added and all else stays byte for byte', () => {
  test('to a block, in its indentation, after its last entry', () => {
    expect(inserted(UGLY, edited(UGLY))).toBe(`    ${LINE}\n`);
    expect(edited(UGLY)).toContain(`        wearer: "W. Li"\n    ${LINE}\n\n    # after the last\n`);
  });

  test.each([
    ['one that is empty', 'badges: {} # none', 'badges: { b-9: '],
    ['one on a line', 'badges: {b-1: {role: guard}} # one', '{role: guard}, b-9: '],
    ['one with a comma at its end', 'badges: { b-1: { role: guard }, }', '{ role: guard }, b-9: '],
    ['one over several lines', 'badges: {\n  b-1: { role: guard } # c\n}', '{ role: guard }, b-9: '],
  ])('to a flow mapping: %s', (_, section, expected) => {
    const text = `${VENUE}\n${section}\n# end\n`;
    const after = edited(text);
    expect(after).toContain(expected);
    expect(after.replace(/,? ?b-9: \{.*?\} ?(?=\}|,|$| #)/m, '').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    expect(loadVenue(after, 'x').ok).toBe(true);
  });

  test.each([
    ['with a comment on its line', `${VENUE}\nbadges: # nobody yet\nrules: []\n`, `  ${LINE}\n`],
    ['whose entries are all commented out', `${VENUE}\nbadges:\n# b-1: {}\nrules: []\n`, `  ${LINE}\n`],
    ['at the end of a file without a last line end', `${VENUE}\nbadges:`, `\n  ${LINE}\n`],
  ])('to a section without entries %s', (_, text, expected) => {
    expect(inserted(text, edited(text))).toBe(expected);
  });

  test('of a section that is not there', () => {
    expect(inserted(`${VENUE}\n# end`, edited(`${VENUE}\n# end`))).toBe(`\n\nbadges:\n  ${LINE}\n`);
  });

  test('with the line ends of the file', () => {
    const text = UGLY.replaceAll('\n', '\r\n');
    expect(inserted(text, edited(text))).toBe(`    ${LINE}\r\n`);
  });

  test('what needs quotes gets them', () => {
    const value = { role: 'guard', wearer: 'a: b # {c}, "d"', zone: 'hall' };
    const after = loadVenue(edited(UGLY, { path: ['badges', '1e3'], value }), 'x');
    expect(after.ok && after.config.badges['1e3']).toMatchObject(value);
  });
});

describe('a field is set', () => {
  const upright = (key: string): VenueEdit => ({ path: ['badges', key, 'upright'], value: [0, -0.5, 0.87] });

  test('in a block and in a flow mapping', () => {
    expect(inserted(UGLY, edited(UGLY, upright('b-2')))).toBe('        upright: [0, -0.5, 0.87]\n');
    expect(inserted(UGLY, edited(UGLY, upright('b-1')))).toBe(', upright: [0, -0.5, 0.87]');
  });

  test.each([
    ['[0, 0, 1]', '[0, -0.5, 0.87]'],
    ['\n      - 0\n      - 0 # y\n      - 1', '\n      [0, -0.5, 0.87]'],
  ])('in place of what was there: %j', (before, after) => {
    const text = `${VENUE}\nbadges:\n  b-2:\n    role: guard\n    upright: ${before}\n    # tail\nrules: []\n`;
    expect(edited(text, upright('b-2'))).toBe(text.replace(before, after));
  });
});

describe('what cannot be done is said, and nothing is written', () => {
  test('a file that was not valid, or would not be any more, with the nearest spelling', () => {
    expect(editVenueText('zones: 1', 'v', BADGE)).toMatchObject({ why: 'invalid-before' });
    const wrong = { path: ['badges', 'b-9'], value: { role: 'guard', zone: 'hal' } } as const;
    expect(editVenueText(UGLY, 'v', wrong)).toMatchObject({ why: 'invalid-after', problems: [{ nearest: 'hall' }] });
    const taken = { path: ['badges', 'b-9'], value: { role: 'guard', address: 'senml:b-1' } } as const;
    expect(editVenueText(UGLY, 'v', taken)).toMatchObject({ why: 'invalid-after', problems: [{ code: 'duplicate' }] });
  });

  test('an alias in the way is for people to change', () => {
    const text = `${VENUE}\nbadges:\n  b-1: &all { role: guard }\n  b-2: *all\n`;
    const edit: VenueEdit = { path: ['badges', 'b-2', 'upright'], value: [0, 0, 1] };
    expect(editVenueText(text, 'v', edit)).toEqual({ ok: false, why: 'by-hand' });
    expect(editVenueText(text, 'v', { ...BADGE, path: ['badges', 'b-1'] })).toEqual({ ok: false, why: 'exists' });
  });
});

test('whatever the file looks like: it says what it said, and the entry; or nothing is changed', () => {
  const space = fc.constantFrom('', ' ', '   ');
  const comment = fc.constantFrom('', ' # c: { }', ' # x');
  const entry = fc.record({
    block: fc.boolean(),
    after: fc.constantFrom('', '\n', '  # between\n', '\n\n# far\n'),
    comment,
  });
  const shape = fc.record({
    entries: fc.array(entry, { maxLength: 4 }),
    isFlow: fc.boolean(),
    pad: space,
    head: comment,
    tail: fc.constantFrom('', 'rules: []\n', '# end', '\n\n', 'zones: {}'),
    eol: fc.constantFrom('\n', '\r\n'),
  });
  const written = ({
    entries,
    isFlow,
    pad,
    head,
    tail,
    eol,
  }: typeof shape extends fc.Arbitrary<infer T> ? T : never) => {
    const flow = entries.map((_, index) => `b-${index}:${pad === '' ? ' ' : pad}{role: guard}`).join(`,${pad}`);
    const block = entries.map(({ block: isBlock, after, comment: said }, index) =>
      isBlock
        ? `  b-${index}:${said}\n     role:  guard${said}\n${after}`
        : `  b-${index}: {${pad}role: guard${pad}}${said}\n${after}`,
    );
    const section = isFlow ? `badges: {${flow}${pad}}${head}\n` : `badges:${head}\n${block.join('')}`;
    return `${VENUE}\n${section}${tail}`.replaceAll('\n', eol);
  };
  fc.assert(
    fc.property(shape, (it) => {
      const text = written(it);
      const before = loadVenue(text, 'v');
      const after = loadVenue(edited(text), 'v');
      if (!before.ok || !after.ok) throw new Error('not valid');
      const { 'b-9': added, ...rest } = after.config.badges;
      expect(rest).toEqual(before.config.badges);
      expect(added).toMatchObject({ role: 'guard' });
      for (const [, said = ''] of text.matchAll(/(#.*)/g)) expect(edited(text)).toContain(said);
    }),
    { numRuns: 80 },
  );
});

describe('the file on disk', () => {
  const folder = (): string => {
    const directory = mkdtempSync(join(tmpdir(), 'muster-edit-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    writeFileSync(join(directory, 'venue.yaml'), UGLY, { mode: 0o640 });
    chmodSync(join(directory, 'venue.yaml'), 0o640);
    return directory;
  };

  test('is replaced in one step, keeps its mode, and leaves nothing beside it; a link stays a link', () => {
    const directory = folder();
    const link = join(directory, 'link.yaml');
    symlinkSync('venue.yaml', link);
    expect(editVenueFile(link, BADGE)).toEqual({ ok: true });
    const file = join(directory, 'venue.yaml');
    expect(readFileSync(file, 'utf8')).toBe(edited(UGLY));
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(directory).toSorted()).toEqual(['link.yaml', 'venue.yaml']);
  });

  test('stays as it was where the change is refused, or somebody else is at it', () => {
    const directory = folder();
    const file = join(directory, 'venue.yaml');
    expect(editVenueFile(file, { ...BADGE, value: { role: 'nobody' } })).toMatchObject({ why: 'invalid-after' });
    writeFileSync(`${file}.new`, '');
    expect(editVenueFile(file, BADGE)).toEqual({ ok: false, why: 'busy' });
    expect(readFileSync(file, 'utf8')).toBe(UGLY);
    expect(editVenueFile(join(directory, 'none.yaml'), BADGE)).toMatchObject({ why: 'invalid-before' });
  });
});
