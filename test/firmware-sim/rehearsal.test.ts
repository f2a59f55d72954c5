import { describe, expect, it } from 'vitest';
import { parseScenario, type Scenario } from '../../firmware-sim/scenario.ts';
import { problemText } from '../../firmware-sim/yaml-problems.ts';
import { rehearse } from './stage/rehearsal.ts';
import { readPack, valuesOf } from './stage/senml-reader.ts';

const EPOCH_MS = 1_700_000_000_000;

const scenario = (actors: string, events = '[]', durationSeconds = 120, seed = 1): Scenario => {
  const text = `venue: v.yaml\nseed: ${seed}\ndurationSeconds: ${durationSeconds}\nactors: ${actors}\nevents: ${events}\n`;
  const result = parseScenario(text, 'inline');
  if ('problems' in result) throw new Error(result.problems.map(problemText).join('\n'));
  return result;
};

const EVERYBODY =
  '[{ id: b, type: badge, gps: { latitude: 31.2, longitude: 121.5 } }, { id: p, type: people-counter, inPerMinute: 40 }, { id: c, type: current-clamp }, { id: t, type: climate }]';

const bytesOf = async (of: Scenario): Promise<string> =>
  (await rehearse(of)).sent
    .map(({ atSeconds, device, payload }) => `${atSeconds} ${device} ${Buffer.from(payload).toString('hex')}`)
    .join('\n');

describe('a scenario', () => {
  it('sends the same bytes for the same seed, and others for another', async () => {
    const events = '[{ atSeconds: 30, actor: b, do: fall }, { atSeconds: 40, actor: c, do: inrush, peakAmps: 99 }]';
    const first = await bytesOf(scenario(EVERYBODY, events));
    expect(first.split('\n').length).toBeGreaterThan(90);
    expect(await bytesOf(scenario(EVERYBODY, events))).toBe(first);
    expect(await bytesOf(scenario(EVERYBODY, events, 120, 2))).not.toBe(first);
  });

  it('leaves an actor as it is when another joins', async () => {
    const of = async (actors: string) =>
      (await rehearse(scenario(actors), { format: 'json' })).sent
        .filter(({ device }) => device === 't')
        .map(({ payload }) => Buffer.from(payload).toString('hex'));
    expect(await of('[{ id: t, type: climate }]')).toEqual(
      await of('[{ id: s, type: climate }, { id: t, type: climate }]'),
    );
  });

  it('reports by the clock under its own stamp', async () => {
    const { sent } = await rehearse(scenario('[{ id: t, type: climate, everySeconds: 30, offsetSeconds: 4.5 }]'), {
      epochMs: EPOCH_MS,
    });
    expect(sent.map(({ atSeconds }) => atSeconds)).toEqual([4.5, 34.5, 64.5, 94.5]);
    expect(sent.map(({ payload }) => readPack(payload)[0]?.timeSeconds)).toEqual(
      [4.5, 34.5, 64.5, 94.5].map((seconds) => EPOCH_MS / 1000 + seconds),
    );
  });

  it('repeats an SOS with identical bytes, urgent, while reports go on', async () => {
    const { sent } = await rehearse(scenario('[{ id: b, type: badge }]', '[{ atSeconds: 10, actor: b, do: sos }]'));
    const presses = sent.filter(({ payload }) => valuesOf(payload).get('sos') === true);
    expect(presses.map(({ atSeconds, urgent }) => [atSeconds, urgent])).toEqual([
      [10, true],
      [10.5, true],
      [11, true],
    ]);
    expect(new Set(presses.map(({ payload }) => Buffer.from(payload).toString('hex'))).size).toBe(1);
    expect(sent.filter(({ urgent }) => !urgent).length).toBe(24);
  });

  it('is silent while dead, and reports at once when revived', async () => {
    const events = '[{ atSeconds: 20, actor: t, do: die }, { atSeconds: 51, actor: t, do: revive }]';
    const { sent } = await rehearse(
      scenario('[{ id: t, type: climate, everySeconds: 10, offsetSeconds: 5 }]', events, 80),
    );
    expect(sent.map(({ atSeconds }) => atSeconds)).toEqual([5, 15, 51, 55, 65, 75]);
  });

  it('babbles for as long as told, and skews its own stamps only', async () => {
    const events =
      '[{ atSeconds: 12, actor: t, do: babble, forSeconds: 2, perSecond: 10 }, { atSeconds: 30, actor: t, do: skew, seconds: -3600 }]';
    const { sent } = await rehearse(
      scenario('[{ id: t, type: climate, everySeconds: 10, offsetSeconds: 5 }]', events, 40),
      {
        epochMs: EPOCH_MS,
      },
    );
    expect(sent.filter(({ atSeconds }) => atSeconds >= 12 && atSeconds < 14)).toHaveLength(20);
    const last = sent.at(-1);
    expect(last?.atSeconds).toBe(35);
    expect(last && readPack(last.payload)[0]?.timeSeconds).toBe(EPOCH_MS / 1000 + 35 - 3600);
  });

  it('tells what happens, and how it ended', async () => {
    const { told, sent } = await rehearse(
      scenario('[{ id: b, type: badge }]', '[{ atSeconds: 10, actor: b, do: sit }]'),
    );
    expect(told).toEqual([
      { type: 'ready', startAtMs: 0, actors: 1 },
      { type: 'event', atSeconds: 10, actor: 'b', do: 'sit' },
      { type: 'done', sent: sent.length, dropped: 0, stopped: false },
    ]);
  });

  it('takes no command that is not one', async () => {
    let asked = false;
    const { told } = await rehearse(scenario('[{ id: b, type: badge }]'), {
      onSent: (_sent, command) => {
        if (asked) return;
        asked = true;
        command('b', { do: 'buzz' });
        command('b', { id: 'x'.repeat(5000), do: 'buzz' });
        command('b', { id: 'ok', do: 'buzz' });
      },
    });
    expect(told.filter(({ type }) => type === 'problem')).toHaveLength(2);
    expect(told.filter(({ type }) => type === 'command')).toHaveLength(1);
  });
});
