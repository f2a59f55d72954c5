import { isJsonObject } from '../json.ts';

/** Where in a state the value is: no steps for the payload as it stands. */
export type ValuePath = readonly string[];

const MAX_TEMPLATE_CHARACTERS = 256;

/** `{{ value }}`, `{{ value_json.a['b'][0] | float }}`: a path, and filters that leave a number what it is. */
const TEMPLATE =
  /^\{\{-?\s*(value|value_json)((?:\.\w{1,64}|\['[^'\]]{1,64}'\]|\["[^"\]]{1,64}"\]|\[\d{1,4}\])*)\s*(?:\|\s*(?:float|int|is_defined|round)(?:\([\d, ]{0,16}\))?\s*)*-?\}\}$/;

const STEP = /\.(\w+)|\['([^']+)'\]|\["([^"]+)"\]|\[(\d+)\]/g;

/**
 * The path that a value template of Home Assistant reads, or undefined for one that does more than that: templates are
 * programs, and none is run here.
 */
export const pathOfTemplate = (template: string): ValuePath | undefined => {
  const text = template.trim();
  const found = text.length > MAX_TEMPLATE_CHARACTERS ? null : TEMPLATE.exec(text);
  if (found === null) return undefined;
  const steps = [...(found[2] ?? '').matchAll(STEP)].map(
    ([, name, single, double, index]) => name ?? single ?? double ?? index ?? '',
  );
  // `value.x` is text, and has nothing inside.
  return found[1] === 'value' && steps.length > 0 ? undefined : steps;
};

/** What stands at a path; undefined: nothing. */
export const valueAt = (state: unknown, path: ValuePath): unknown => {
  let value = state;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isJsonObject(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
};
