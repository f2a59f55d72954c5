import type { Text } from '../../rules/rule.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { Person } from '../notifiers/audience.ts';
import type { Roster } from './roster.ts';

/** Whom roles and names of the plan mean at a moment. */
export interface Reached {
  /** People by id, in the order in which they were named. */
  readonly people: readonly string[];
  /** Roles on duty that have no people of their own: a channel reaches them as a group. */
  readonly groups: readonly string[];
  /** Roles of which nobody is on duty. */
  readonly empty: readonly string[];
}

export const isSomebody = ({ people, groups }: Reached): boolean => people.length + groups.length > 0;

export interface Reach {
  at(notify: readonly string[], atMs: number): Reached;
  /** As if everybody were on duty. */
  regardless(notify: readonly string[]): Reached;
}

type Config = Pick<VenueConfig, 'people'>;

/** Those of these ids that are people, as channels know them. */
export const peopleOf = ({ people }: Config, ids: Iterable<string>): readonly Person[] =>
  [...ids].flatMap((id) => {
    const person = Object.hasOwn(people, id) ? people[id] : undefined;
    if (person === undefined) return [];
    const { name, roles, addresses } = person;
    return [{ id, name, roles, addresses }];
  });

/** What people call a person or role; what is neither is `other`'s to name. */
export const namesOf =
  ({ people, roles }: Pick<VenueConfig, 'people' | 'roles'>, other: (id: string) => Text) =>
  (id: string): Text => {
    const person = Object.hasOwn(people, id) ? people[id]?.name : undefined;
    if (person !== undefined) return { zh: person, en: person };
    const role = Object.hasOwn(roles, id) ? roles[id]?.name : undefined;
    return role ?? other(id);
  };

const membersOf = ({ people }: Config): ReadonlyMap<string, readonly string[]> => {
  const members = new Map<string, string[]>();
  for (const [id, { roles }] of Object.entries(people)) {
    for (const role of roles) members.set(role, [...(members.get(role) ?? []), id]);
  }
  return members;
};

export const reachOf = (config: Config, roster: Roster): Reach => {
  const members = membersOf(config);

  /** Undefined: nobody; empty: the role as a group. */
  const onDuty = (role: string, atMs: number | undefined): readonly string[] | undefined => {
    const all = members.get(role) ?? [];
    if (atMs === undefined || !roster.isRostered(role)) return all;
    const running = roster.at(role, atMs);
    return running.length === 0 ? undefined : running.flatMap(({ people }) => people ?? all);
  };

  const find = (notify: readonly string[], atMs: number | undefined): Reached => {
    const people = new Set<string>();
    const groups: string[] = [];
    const empty: string[] = [];
    for (const name of notify) {
      if (Object.hasOwn(config.people, name)) {
        people.add(name);
        continue;
      }
      const found = onDuty(name, atMs);
      if (found === undefined) empty.push(name);
      else if (found.length === 0) groups.push(name);
      else for (const person of found) people.add(person);
    }
    return { people: [...people], groups, empty };
  };

  return { at: find, regardless: (notify) => find(notify, undefined) };
};
