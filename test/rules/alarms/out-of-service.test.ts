import { expect, test } from 'vitest';
import { device, rule, type Stage, stage, venueOf } from '../stage.ts';

const venue = venueOf([device('b1')]);
const rules = [rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { red: 60 } }, venue)];
const hot = (): Stage => stage({ venue, rules }).at(0).sample('b1', { temperatureCelsius: 70 });

test('out of service for longer: an open alarm says until when', () => {
  const s = hot();
  s.act({ type: 'remove-from-service', rule: 'heat', by: 'li', why: 'repair', untilMs: s.nowMs + 60_000 });
  s.at(10).act({ type: 'remove-from-service', rule: 'heat', by: 'wang', why: 'goes on', untilMs: s.nowMs + 3_600_000 });
  expect(s.outOfService()[0]).toMatchObject({ by: 'wang', why: 'goes on' });
  expect(s.open()[0]?.outOfService).toMatchObject({
    by: 'wang',
    why: 'goes on',
    until: new Date(s.nowMs + 3_600_000).toISOString(),
  });
});

test('the rule returns, the subject stays out of service: an open alarm names who has done that', () => {
  const s = hot();
  s.act({ type: 'remove-from-service', rule: 'heat', by: 'li', why: 'repair' });
  s.act({ type: 'remove-from-service', rule: 'heat', subject: 'b1', by: 'wang', why: 'broken' });
  s.at(10).act({ type: 'return-to-service', rule: 'heat', by: 'li' });
  expect(s.open()[0]).toMatchObject({ human: 'out-of-service', outOfService: { by: 'wang', why: 'broken' } });
});
