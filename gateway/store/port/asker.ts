import type { Alarm, AlarmEvent, PreAlarmEvent } from '../../../rules/alarms/alarm.ts';
import type { AlarmEventQuery } from '../database/alarms.ts';
import { StoreQueryError } from '../errors.ts';
import type { Answer, HistoryQuery, Question } from '../protocol.ts';
import type { AlarmEventAnswer, HistoryAnswer, HistoryPoint } from '../store.ts';
import type { RecoveryQuestions } from './recovery.ts';

type Ask = Question['ask'];

const answers = <A extends Ask>(answer: Answer, ask: A): answer is Extract<Answer, { ask: A }> => answer.ask === ask;

const pointsOf = ([times, ...columns]: readonly Float64Array[]): readonly HistoryPoint[] => {
  const [first, second, third] = columns;
  return Array.from(times ?? [], (timeMs, index): HistoryPoint => {
    const value = first?.[index] ?? 0;
    return second === undefined ? [timeMs, value] : [timeMs, value, second[index] ?? 0, third?.[index] ?? 0];
  });
};

export interface Asker extends RecoveryQuestions {
  history(query: HistoryQuery): Promise<HistoryAnswer>;
  alarmEvents(query: AlarmEventQuery): Promise<AlarmEventAnswer>;
  openAlarms(): Promise<readonly Alarm[]>;
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
      return { points: pointsOf(columns), ...(nextMs === undefined ? {} : { nextMs }) };
    },
    alarmEvents: async (query) => {
      const { events, next } = await ask('alarm-events', { ask: 'alarm-events', query });
      return {
        events: events.map((json): AlarmEvent | PreAlarmEvent => JSON.parse(json)),
        ...(next === undefined ? {} : { next }),
      };
    },
    openAlarms: async () => {
      const { alarms } = await ask('open-alarms', { ask: 'open-alarms' });
      return alarms.map((json): Alarm => JSON.parse(json));
    },
    log: async (after, rows) => (await ask('log', { ask: 'log', after, rows })).rows,
    snapshot: async (afterKey, limit) => (await ask('snapshot', { ask: 'snapshot', afterKey, limit })).parts,
  };
};
