/**
 * `@peculiar/x509` finds its algorithms through tsyringe, which refuses to load without the metadata functions that
 * once were to become part of `Reflect`. These three are all it calls; a program that has them already keeps its own.
 */
const metadata = new WeakMap<WeakKey, Map<unknown, unknown>>();

const getMetadata = (key: unknown, target: WeakKey): unknown => metadata.get(target)?.get(key);

const defineMetadata = (key: unknown, value: unknown, target: WeakKey): void => {
  const values = metadata.get(target) ?? new Map<unknown, unknown>();
  metadata.set(target, values.set(key, value));
};

if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, { getMetadata, getOwnMetadata: getMetadata, defineMetadata });
}
