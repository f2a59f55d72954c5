import { expect, test } from 'vitest';
import { dataDirectory } from '../../../gateway/config/data-directory.ts';
import { configOf, linesOf } from './fixture.ts';

test('the data directory starts at the folder of the venue file', () => {
  expect(dataDirectory(configOf(), '/etc/muster/venue.yaml')).toBe('/etc/muster/muster-data');
  expect(dataDirectory(configOf('data: { directory: ../x }'), '/etc/muster/venue.yaml')).toBe('/etc/x');
  expect(dataDirectory(configOf('data: { directory: /var/lib/muster }'), 'venue.yaml')).toBe('/var/lib/muster');
});

test('commits are as frequent as promised', () => {
  expect(configOf().data).toMatchObject({ durability: 'batched', commitEveryMs: 50 });
  expect(linesOf('data: { commitEveryMs: 251, durability: never, file: x }')).toHaveLength(3);
});

test('certificates of HTTPS come as a pair, or from muster tls init', () => {
  expect(configOf('http: { tls: {} }').http.tls).toEqual({ minVersion: 'TLSv1.2' });
  expect(configOf('http: { tls: { certFile: a, keyFile: b } }').http.tls).toMatchObject({ certFile: 'a' });
  expect(linesOf('http: { tls: { certFile: a } }')[0]).toContain('certFile and keyFile together, or neither');
  expect(linesOf('http: { tls: { minVersion: TLSv1.1 } }')[0]).toContain('TLSv1.2');
});
