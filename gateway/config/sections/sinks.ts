import { z } from 'zod';
import { noKindYet } from './notifiers.ts';

export const sinksSchema = z.array(noKindYet('sink')).max(100).default([]).describe('where samples are kept besides');
