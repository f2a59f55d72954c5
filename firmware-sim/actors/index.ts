import { z } from 'zod';
import { seededRandom } from '../random.ts';
import { type Actor, bindActor } from './actor.ts';
import { actuator, actuatorOptions } from './actuator.ts';
import { badge, badgeOptions } from './badge.ts';
import { climate, climateOptions } from './climate.ts';
import { currentClamp, currentClampOptions } from './current-clamp.ts';
import { peopleCounter, peopleCounterOptions } from './people-counter.ts';

/** Every type of simulated device. A new one: a file, a line here, a case in each switch below. */
export const actorOptions = z.discriminatedUnion('type', [
  badgeOptions,
  peopleCounterOptions,
  currentClampOptions,
  climateOptions,
  actuatorOptions,
]);

export type ActorOptions = z.output<typeof actorOptions>;
export type ActorType = ActorOptions['type'];

export const eventSchema = (type: ActorType): z.ZodType => {
  switch (type) {
    case 'badge':
      return badge.event;
    case 'people-counter':
      return peopleCounter.event;
    case 'current-clamp':
      return currentClamp.event;
    case 'climate':
      return climate.event;
    case 'actuator':
      return actuator.event;
  }
};

/** `seed` is the scenario's: every actor draws from a stream of its own, so adding one does not disturb the others. */
export const createActor = (id: string, options: ActorOptions, seed: number): Actor => {
  const random = seededRandom(seed, id);
  switch (options.type) {
    case 'badge':
      return bindActor(badge, id, options, random);
    case 'people-counter':
      return bindActor(peopleCounter, id, options, random);
    case 'current-clamp':
      return bindActor(currentClamp, id, options, random);
    case 'climate':
      return bindActor(climate, id, options, random);
    case 'actuator':
      return bindActor(actuator, id, options, random);
  }
};
