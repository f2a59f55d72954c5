import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ResponseView } from '../../gateway/api/contract.ts';
import type { Deeds } from './live/deeds.ts';
import type { DeedFailure, LogInFailure } from './live/gateway.ts';
import type { Settings, TrendChoice } from './state/state.ts';
import { type Speech, speechIn } from './texts/texts.ts';

/** What a person can do here. */
export interface Commands {
  acknowledge(id: string): void;
  readonly deeds: Deeds;
  /** Answers whether the gateway has taken it. */
  cancelPreAlarm(rule: string, subject: string): Promise<boolean>;
  /** Lets work go on that an alarm has stopped; answers undefined when it does, else why not. */
  lift(operation: string, comment: string): Promise<DeedFailure | undefined>;
  /** Work that follows on an alarm is done; answers undefined when that is kept, else why not. */
  followUpDone(id: string, comment: string): Promise<DeedFailure | undefined>;
  /** The same of a command that an actuator did not confirm. */
  commandDone(id: string, comment: string): Promise<DeedFailure | undefined>;
  logIn(name: string, password: string): Promise<LogInFailure | undefined>;
  logOut(): void;
  retryNow(): void;
  showTrend(choice: TrendChoice): void;
  change(settings: Partial<Settings>): void;
}

/** What almost every part of the page needs: language, time, the connection, and what can be done. */
export interface ConsoleContext {
  readonly speech: Speech;
  readonly timezone: string;
  /** The gateway's clock now, Unix milliseconds. */
  readonly serverMs: number;
  /** What a page can be behind its gateway, milliseconds of the gateway's clock. */
  readonly slackMs: number;
  /** False: whatever is shown is old. */
  readonly live: boolean;
  readonly mayAcknowledge: boolean;
  /** May take rules out of service. */
  readonly mayService: boolean;
  readonly userName: string | undefined;
  readonly roleName: string;
  /** What people call a zone or device. */
  nameOf(id: string): string;
  /** How far the response to an open alarm is. */
  responseOf(id: string): ResponseView | undefined;
  readonly commands: Commands;
}

const nothing = (): void => undefined;

const Context = createContext<ConsoleContext>({
  speech: speechIn('zh-CN'),
  timezone: 'UTC',
  serverMs: 0,
  slackMs: 0,
  live: false,
  mayAcknowledge: false,
  mayService: false,
  userName: undefined,
  roleName: '',
  nameOf: (id) => id,
  responseOf: () => undefined,
  commands: {
    acknowledge: nothing,
    deeds: {
      act: async () => undefined,
      remove: async () => undefined,
      putBack: async () => undefined,
      explain: async () => 'offline',
    },
    cancelPreAlarm: async () => false,
    lift: async () => undefined,
    followUpDone: async () => undefined,
    commandDone: async () => undefined,
    logIn: async () => undefined,
    logOut: nothing,
    retryNow: nothing,
    showTrend: nothing,
    change: nothing,
  },
});

export const ConsoleProvider = Context.Provider;
export const useConsole = (): ConsoleContext => useContext(Context);
