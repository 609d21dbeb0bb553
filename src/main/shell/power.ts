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

/** Tells of the machine's sleep. */
export function onSleep(hear: { readonly suspended: () => void; readonly resumed: () => void }): void {
  powerMonitor.on('suspend', hear.suspended);
  powerMonitor.on('resume', hear.resumed);
}
