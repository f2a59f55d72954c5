import type { Sentence } from './reasons.ts';

export const OVERCURRENT: Readonly<Record<string, Sentence>> = {};
