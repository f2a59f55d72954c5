import { expect, test } from 'vitest';
import { listenRefusal } from '../../../gateway/people/admission.ts';
import { configOf } from '../config/fixture.ts';

test.each([
  ['http: { host: 0.0.0.0 }', 1, /没有 TLS[\s\S]*without TLS/],
  ['http: { host: 192.168.7.5 }', 1, /tls init/],
  ['http: { host: "::" }', 1, /insecure: true/],
  ['http: { host: 0.0.0.0, tls: {} }', 0, /没有用户[\s\S]*no users[\s\S]*muster user add/],
])('%s with %i users does not start', (yaml, users, message) => {
  const refusal = listenRefusal(configOf(yaml), users);
  expect(refusal).toMatchObject({ name: 'StartError', message: expect.stringMatching(message) });
});

test.each([
  ['http: { host: 127.0.0.1 }', 0],
  ['http: { host: "::1" }', 0],
  ['http: { host: 0.0.0.0, tls: {} }', 1],
  ['http: { host: 0.0.0.0 }\nsecurity: { insecure: true }', 0],
])('%s with %i users does', (yaml, users) => {
  expect(listenRefusal(configOf(...yaml.split('\n')), users)).toBeUndefined();
});
