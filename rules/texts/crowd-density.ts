import type { Sentence } from './reasons.ts';

export const CROWD_DENSITY: Readonly<Record<string, Sentence>> = {};
