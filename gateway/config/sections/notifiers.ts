import { z } from 'zod';
import { notifierSchema } from '../../notifiers/kinds/index.ts';

export const notifiersSchema = z.array(notifierSchema).max(20).default([]).describe('ways to reach people');
