import { test } from 'vitest';

/** Stands after all others: here the runner, which has seen each of them once, tries every mutant. */
test('every mutant', () => {});
