import type { AlarmView, ExplanationView, OutOfServiceView } from '../../../gateway/api/contract.ts';
import type { Store } from '../state/store.ts';
import { type Answer, API, get, send } from './http.ts';

/** What a person does about an alarm, beside acknowledging; each is a POST of its name. */
export type Deed = 'shelve' | 'unshelve' | 'comment' | 'assign';

/** Why nothing was done; `offline`: no answer came. */
export type DeedFailure = 'offline' | { readonly zh: string; readonly en: string };

/** Who can be taken out of service: a rule, or a rule for one subject. */
export interface Place {
  readonly rule: string;
  readonly subject?: string | undefined;
}

export interface Deeds {
  act(id: string, deed: Deed, body: object): Promise<DeedFailure | undefined>;
  remove(place: Place, why: string, minutes: number | undefined): Promise<DeedFailure | undefined>;
  putBack(place: Place): Promise<DeedFailure | undefined>;
  explain(id: string): Promise<ExplanationView | DeedFailure>;
}

const failureOf = ({ status, problem }: Answer<unknown> & { readonly ok: false }): DeedFailure =>
  status === 0 ? 'offline' : (problem ?? { zh: `HTTP ${status}`, en: `HTTP ${status}` });

/** Shown as done only by the gateway's word: its answer, or the stream. */
export const createDeeds = (store: Store, needLogIn: () => void): Deeds => {
  const failed = (answer: Answer<unknown> & { readonly ok: false }): DeedFailure => {
    if (answer.status === 401) needLogIn();
    return failureOf(answer);
  };
  return {
    act: async (id, deed, body) => {
      const answer = await send<AlarmView>('POST', `${API}/alarms/${encodeURIComponent(id)}/${deed}`, body);
      if (!answer.ok) return failed(answer);
      store.dispatch({ do: 'done', alarm: answer.body });
      return undefined;
    },
    remove: async ({ rule, subject }, why, minutes) => {
      const body = {
        rule,
        ...(subject === undefined ? {} : { subject }),
        why,
        ...(minutes === undefined ? {} : { minutes }),
      };
      const answer = await send<OutOfServiceView>('POST', `${API}/out-of-service`, body);
      return answer.ok ? undefined : failed(answer);
    },
    putBack: async ({ rule, subject }) => {
      const query = new URLSearchParams({ rule, ...(subject === undefined ? {} : { subject }) });
      const answer = await send<OutOfServiceView>('DELETE', `${API}/out-of-service?${query}`);
      return answer.ok ? undefined : failed(answer);
    },
    explain: async (id) => {
      const answer = await get<ExplanationView>(`${API}/alarms/${encodeURIComponent(id)}/explain`);
      return answer.ok ? answer.body : failed(answer);
    },
  };
};
