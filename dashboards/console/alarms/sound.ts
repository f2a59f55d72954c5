import { every, type Stop } from '../clock.ts';
import { isWaiting, type Severity } from '../state/alarms.ts';
import type { State } from '../state/state.ts';

/** The alarm sound. Browsers allow it only after somebody has touched the page. */
export interface AlarmSound {
  /** Called from a touch or key: the only moment a browser lets sound begin. */
  unlock(): void;
  /** The browser does not let it sound: nobody has touched the page yet. */
  readonly blocked: boolean;
  stop(): void;
}

interface Tone {
  readonly hertz: number;
  readonly atSeconds: number;
  readonly seconds: number;
}

/** Told apart by ear: red is a rising triple, orange a double, the others one low note. */
const MELODIES: Readonly<Record<Severity, readonly Tone[]>> = {
  red: [
    { hertz: 740, atSeconds: 0, seconds: 0.18 },
    { hertz: 988, atSeconds: 0.22, seconds: 0.18 },
    { hertz: 1319, atSeconds: 0.44, seconds: 0.3 },
  ],
  orange: [
    { hertz: 740, atSeconds: 0, seconds: 0.18 },
    { hertz: 740, atSeconds: 0.28, seconds: 0.18 },
  ],
  yellow: [{ hertz: 523, atSeconds: 0, seconds: 0.2 }],
  blue: [],
};

/** A red alarm that nobody takes on sounds again. */
const REPEAT_MS = 5_000;
const LOUDNESS = 0.25;
const EDGE_SECONDS = 0.015;

const play = (audio: AudioContext, severity: Severity): void => {
  for (const { hertz, atSeconds, seconds } of MELODIES[severity]) {
    const startSeconds = audio.currentTime + atSeconds;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.type = 'triangle';
    tone.frequency.value = hertz;
    // Soft edges: a tone that is cut off clicks.
    volume.gain.setValueAtTime(0, startSeconds);
    volume.gain.linearRampToValueAtTime(LOUDNESS, startSeconds + EDGE_SECONDS);
    volume.gain.setValueAtTime(LOUDNESS, startSeconds + seconds - EDGE_SECONDS);
    volume.gain.linearRampToValueAtTime(0, startSeconds + seconds);
    tone.connect(volume).connect(audio.destination);
    tone.start(startSeconds);
    tone.stop(startSeconds + seconds);
  }
};

const redWaits = ({ alarms }: State): boolean =>
  [...alarms.values()].some((alarm) => alarm.severity === 'red' && isWaiting(alarm));

/** Sounds for every new call while the setting is on; `listen` tells of each change of the page's state. */
export const alarmSound = (
  current: () => State,
  listen: (listener: (state: State, before: State) => void) => void,
  onUnlocked: () => void,
): AlarmSound => {
  let audio: AudioContext | undefined;
  const sound = (severity: Severity): void => {
    if (audio?.state === 'running' && current().settings.sound) play(audio, severity);
  };
  listen((state, before) => {
    if (state.call !== undefined && state.call !== before.call) sound(state.call.alarm.severity);
  });
  const stopRepeating: Stop = every(REPEAT_MS, () => {
    if (redWaits(current())) sound('red');
  });
  return {
    unlock: () => {
      if (!current().settings.sound) return;
      audio ??= new AudioContext();
      if (audio.state !== 'running') void audio.resume().then(onUnlocked, onUnlocked);
    },
    get blocked() {
      return audio?.state !== 'running';
    },
    stop: () => {
      stopRepeating();
      void audio?.close();
    },
  };
};
