import type { Alarm, AlarmEvent, OutOfService } from '../../../rules/alarms/alarm.ts';
import type { DeskEvent } from '../../../rules/alarms/desk.ts';
import type { Attempt, KeptOutbox } from '../../notifiers/notice.ts';
import type { Decision, KeptResponse } from '../../response/decision.ts';
import type { AlarmEventQuery } from '../database/alarms.ts';
import type { AttemptQuery } from '../database/outbox.ts';
import { StoreQueryError } from '../errors.ts';
import type { Answer, HistoryQuery, Question } from '../protocol.ts';
import type { AlarmEventAnswer, AttemptAnswer, ClosedAlarms, DecisionAnswer, HistoryAnswer } from '../store.ts';
import type { RecoveryQuestions } from './recovery.ts';

type Ask = Question['ask'];

const answers = <A extends Ask>(answer: Answer, ask: A): answer is Extract<Answer, { ask: A }> => answer.ask === ask;

/** Columns side by side become points one after the other. */
const valuesOf = (columns: readonly Float64Array[]): Float64Array => {
  const width = columns.length;
  const values = new Float64Array(width * (columns[0]?.length ?? 0));
  for (const [place, column] of columns.entries()) {
    for (let index = 0; index < column.length; index += 1) values[index * width + place] = column[index] ?? 0;
  }
  return values;
};

export interface Asker extends RecoveryQuestions {
  history(query: HistoryQuery): Promise<HistoryAnswer>;
  alarmEvents(query: AlarmEventQuery): Promise<AlarmEventAnswer>;
  openAlarms(): Promise<readonly Alarm[]>;
  outOfService(): Promise<readonly OutOfService[]>;
  closedAlarms(limit: number, before?: string): Promise<ClosedAlarms>;
  outboxKept(): Promise<KeptOutbox>;
  attempts(query: AttemptQuery): Promise<AttemptAnswer>;
  responseKept(): Promise<KeptResponse>;
  decisions(query: AttemptQuery): Promise<DecisionAnswer>;
}

/** The worker's answers as the gateway wants them. */
export const createAsker = (put: (question: Question) => Promise<Answer>): Asker => {
  const ask = async <A extends Ask>(kind: A, question: Question): Promise<Extract<Answer, { ask: A }>> => {
    const answer = await put(question);
    if (answers(answer, kind)) return answer;
    throw new StoreQueryError('store-failed', `asked for ${kind}, was told ${answer.ask}`);
  };
  return {
    history: async (query) => {
      const { columns, nextMs } = await ask('history', { ask: 'history', query });
      return { values: valuesOf(columns), ...(nextMs === undefined ? {} : { nextMs }) };
    },
    alarmEvents: async (query) => {
      const { events, next } = await ask('alarm-events', { ask: 'alarm-events', query });
      return {
        events: events.map((json): DeskEvent => JSON.parse(json)),
        ...(next === undefined ? {} : { next }),
      };
    },
    openAlarms: async () => {
      const { alarms } = await ask('open-alarms', { ask: 'open-alarms' });
      return alarms.map((json): Alarm => JSON.parse(json));
    },
    outOfService: async () => {
      const { entries } = await ask('out-of-service', { ask: 'out-of-service' });
      return entries.map((json): OutOfService => JSON.parse(json));
    },
    closedAlarms: async (limit, before) => {
      const { events, next } = await ask('closed-alarms', { ask: 'closed-alarms', limit, before: Number(before) });
      const items = events.map((json): Alarm => {
        const { alarm }: AlarmEvent = JSON.parse(json);
        return alarm;
      });
      return { items, ...(next === undefined ? {} : { next: String(next) }) };
    },
    outboxKept: async () => (await ask('outbox', { ask: 'outbox' })).kept,
    attempts: async (query) => {
      const { attempts, next } = await ask('attempts', { ask: 'attempts', query });
      return {
        attempts: attempts.map((json): Attempt => JSON.parse(json)),
        ...(next === undefined ? {} : { next }),
      };
    },
    responseKept: async () => (await ask('response', { ask: 'response' })).kept,
    decisions: async (query) => {
      const { attempts, next } = await ask('decisions', { ask: 'decisions', query });
      return {
        decisions: attempts.map((json): Decision => JSON.parse(json)),
        ...(next === undefined ? {} : { next }),
      };
    },
    log: async (after, rows) => (await ask('log', { ask: 'log', after, rows })).rows,
    snapshot: async (afterKey, limit) => (await ask('snapshot', { ask: 'snapshot', afterKey, limit })).parts,
  };
};
