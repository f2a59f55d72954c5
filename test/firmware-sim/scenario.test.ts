import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../firmware-sim/scenario.ts';
import { problemText } from '../../firmware-sim/yaml-problems.ts';

const problemsOf = (text: string): readonly string[] => {
  const result = parseScenario(text, 'x.yaml');
  return 'problems' in result ? result.problems.map(problemText) : [];
};

const HEAD = 'venue: v.yaml\nseed: 1\ndurationSeconds: 60\n';
const BADGE = `${HEAD}actors:\n  - { id: b1, type: badge }\n`;

describe('parseScenario', () => {
  it('spells out crowds and patterns, and puts events in order of time', () => {
    const scenario = parseScenario(
      `${HEAD}actors:\n  - { count: 12, idPrefix: s-, type: badge }\n  - { id: t, type: climate }\nevents:\n  - { atSeconds: 9, actor: t, do: die }\n  - { atSeconds: 5, actor: "s-1*", do: sos }\n`,
      'x.yaml',
    );
    if ('problems' in scenario) throw new Error(scenario.problems.map(problemText).join());
    expect(scenario.actors.map(({ id }) => id).slice(0, 2)).toEqual(['s-01', 's-02']);
    expect(scenario.actors).toHaveLength(13);
    expect(scenario.events.map(({ actor, event }) => `${actor} ${event.do}`)).toEqual([
      's-10 sos',
      's-11 sos',
      's-12 sos',
      't die',
    ]);
  });

  it.each([
    [
      'a typo in an actor',
      `${HEAD}actors:\n  - { id: b1, type: badge, answerBuzz: true }\n`,
      /^x\.yaml:5:28: actors\.0\.answerBuzz: no such field/,
    ],
    ['an unknown type', `${HEAD}actors:\n  - { id: b1, type: bagde }\n`, /^x\.yaml:5:21: actors\.0\.type: /],
    [
      'a missing field',
      'venue: v.yaml\nseed: 1\nactors:\n  - { id: b1, type: badge }\n',
      /^x\.yaml:1:1: durationSeconds: /,
    ],
    ['an unknown field', `${BADGE}expects: []\n`, /^x\.yaml:6:1: expects: no such field/],
    [
      'an event of another type',
      `${BADGE}events:\n  - { atSeconds: 1, actor: b1, do: heat, toCelsius: 50 }\n`,
      /^x\.yaml:7:36: events\.0\.do: badge: /,
    ],
    [
      'a bad option of an event',
      `${BADGE}events:\n  - { atSeconds: 1, actor: b1, do: fall, impactG: 99 }\n`,
      /^x\.yaml:7:51: events\.0\.impactG: badge: /,
    ],
    [
      'an unknown actor',
      `${BADGE}events:\n  - { atSeconds: 1, actor: b2, do: sos }\n`,
      /^x\.yaml:7:28: events\.0\.actor: no actor is called b2/,
    ],
    [
      'an event after the end',
      `${BADGE}events:\n  - { atSeconds: 61, actor: b1, do: sos }\n`,
      /^x\.yaml:7:18: events\.0\.atSeconds: lies after the end/,
    ],
    [
      'a window too wide',
      `${BADGE}expect:\n  - { atSeconds: 1, withinSeconds: 6, kind: sos, subject: b1, severity: red, transition: raised }\n`,
      /^x\.yaml:7:36: expect\.0\.withinSeconds: /,
    ],
    ['two of one id', `${BADGE}  - { id: b1, type: climate }\n`, /^x\.yaml:6:5: actors\.1: two actors have the id b1/],
    ['neither id nor crowd', `${HEAD}actors:\n  - { type: badge }\n`, /^x\.yaml:5:5: actors\.0: needs either/],
    ['broken YAML', 'venue: [\n', /^x\.yaml:\d+:\d+: /],
    ['no mapping at all', 'just text\n', /^x\.yaml:1:1: /],
    ['nothing', '', /^x\.yaml:1:1: /],
  ])('places %s', (_what, text, expected) => {
    const problems = problemsOf(text);
    expect(problems.join('\n')).toMatch(expected);
  });

  it('names every problem at once', () => {
    expect(
      problemsOf(
        `${BADGE}events:\n  - { atSeconds: 1, actor: b2, do: sos }\n  - { atSeconds: 99, actor: b1, do: fly }\n`,
      ),
    ).toHaveLength(3);
  });
});
