import { describe, expect, test } from 'vitest';
import { lintVenue } from '../../../gateway/config/lints/index.ts';
import { configOf, linesOf, problemsOf } from './fixture.ts';

const sinks = (...entries: string[]): string => `sinks: [ ${entries.join(', ')} ]`;

const one = (rest: string): string => sinks(`{ kind: influxdb, url: "http://10.0.0.9:8086", ${rest} }`);

describe('the sinks of venue.yaml', () => {
  test('the v2 API is meant where no version is given; the rest has defaults', () => {
    expect(configOf(one('bucket: venue')).sinks).toEqual([
      {
        kind: 'influxdb',
        id: 'influxdb',
        version: 2,
        url: 'http://10.0.0.9:8086',
        bucket: 'venue',
        positions: false,
        timeoutSeconds: 10,
        batchLines: 5000,
      },
    ]);
    expect(configOf(one('version: 1, database: venue, username: gw, passwordFile: /etc/p')).sinks[0]).toMatchObject({
      version: 1,
      database: 'venue',
    });
  });

  test.each([
    ['bucket: b, version: 3', 'sinks[0].version: wrong type: 3; expected one of 1, 2'],
    ['version: 1', 'sinks[0].database: missing; expected text (database, which must exist)'],
    ['org: o', 'sinks[0].bucket: missing; expected text (bucket, which must exist)'],
    ['version: 1, databse: x', 'did you mean "database"?'],
    ['bucket: b, passwordFile: /etc/p', 'unknown key "passwordFile"; expected one of kind, id, url'],
    ['bucket: b, timeoutSeconds: 0', 'timeoutSeconds: out of range: 0; expected 1 to 600'],
    ['bucket: b, batchLines: 1000000', 'batchLines: out of range: 1000000; expected 1 to 50000'],
    ['bucket: b, token: t, tokenFile: /etc/t', 'sinks[0].token: not a valid value: ***; expected either the file'],
    ['version: 1, database: b, passwordFile: /etc/p', 'sinks[0].username: missing; expected a username'],
    ['version: 1, database: b, username: u', 'sinks[0].passwordFile: missing; expected a passwordFile'],
  ])('%s', (rest, message) => {
    const lines = linesOf(one(rest));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
  });

  test.each(['ftp://x', 'http://', 'http://u:p@x', 'http://x/?q=1', 'http://x:99999', 'x'])('no address: %s', (url) => {
    const problems = problemsOf(sinks(`{ kind: influxdb, bucket: b, url: "${url}" }`));
    expect(problems).toMatchObject([{ path: 'sinks[0].url' }]);
    expect(JSON.stringify(problems)).not.toContain('u:p');
  });

  test('two of one name; without one it is that of the kind', () => {
    const entry = '{ kind: influxdb, url: "http://x", bucket: b }';
    expect(linesOf(sinks(entry, entry))).toEqual([expect.stringContaining('the id of the sink is taken')]);
    expect(linesOf(sinks(entry, entry.replace('{', '{ id: second,')))).toEqual([]);
  });

  test('a secret that stands in the file itself is found, one in a file is not', () => {
    const found = (rest: string) =>
      lintVenue(configOf(one(rest)))
        .filter(({ code }) => code === 'plain-secret')
        .map(({ path }) => path.join('.'));
    expect(found('bucket: b, token: hunter2')).toEqual(['sinks.0.token']);
    expect(found('version: 1, database: b, username: u, password: hunter2')).toEqual(['sinks.0.password']);
    expect(found('bucket: b, tokenFile: /etc/t')).toEqual([]);
  });
});
