const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Whether a saved state is of the make that its rule has now: it has all that the rule's first state has, of the same
 * sort. What is null at first may be anything later, and lists may hold anything. A state that an older program has saved
 * in another shape does not fit, and no rule should ever be asked to judge it.
 */
export const fits = (saved: unknown, first: unknown): boolean => {
  if (first === null || first === undefined) return true;
  if (Array.isArray(first)) return Array.isArray(saved);
  if (!isRecord(first)) return typeof saved === typeof first;
  return isRecord(saved) && Object.entries(first).every(([key, value]) => fits(saved[key], value));
};
