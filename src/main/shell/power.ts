import { powerMonitor, powerSaveBlocker } from 'electron';

/** Keeps the machine from sleeping while told to; the screen may go dark. */
export class Wakefulness {
  #blocker: number | null = null;

  /** Whether a job runs. */
  set(awake: boolean): void {
    if (awake === (this.#blocker !== null)) return;
    if (this.#blocker === null) {
      this.#blocker = powerSaveBlocker.start('prevent-app-suspension');
    } else {
      powerSaveBlocker.stop(this.#blocker);
      this.#blocker = null;
    }
  }
}

/** How often the system is asked how long nobody has used the machine. */
const IDLE_EVERY_MS = 15_000;

/** Tells of a screen that is locked, and, now and then, for how many seconds nobody has used the machine. */
export function onAbsence(hear: {
  readonly screenLocked: () => void;
  readonly idleFor: (seconds: number) => void;
}): void {
  powerMonitor.on('lock-screen', hear.screenLocked);
  setInterval(() => hear.idleFor(powerMonitor.getSystemIdleTime()), IDLE_EVERY_MS).unref();
}

/** Tells of the machine's sleep. */
export function onSleep(hear: { readonly suspended: () => void; readonly resumed: () => void }): void {
  powerMonitor.on('suspend', hear.suspended);
  powerMonitor.on('resume', hear.resumed);
}
