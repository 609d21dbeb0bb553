const EVERY_MS = 2_000;

/** Looks, while it is told to, whether the system has a network, and tells when it comes back. */
export class NetworkWatch {
  readonly #isOnline: () => boolean;
  readonly #onBack: () => void;
  readonly #every: (look: () => void) => () => void;
  #stop: (() => void) | null = null;
  #online = true;

  constructor(isOnline: () => boolean, onBack: () => void, every: (look: () => void) => () => void = eachTime) {
    this.#isOnline = isOnline;
    this.#onBack = onBack;
    this.#every = every;
  }

  /** Begins or ends the watch. */
  watch(on: boolean): void {
    if (on === (this.#stop !== null)) return;
    this.#stop?.();
    this.#stop = null;
    if (!on) return;
    this.#online = this.#isOnline();
    this.#stop = this.#every(() => this.#look());
  }

  #look(): void {
    const before = this.#online;
    this.#online = this.#isOnline();
    if (this.#online && !before) this.#onBack();
  }
}

function eachTime(look: () => void): () => void {
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
