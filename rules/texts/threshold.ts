import type { Sentence } from './reasons.ts';

export const THRESHOLD: Readonly<Record<string, Sentence>> = {};
