import type { EventData, EventName } from '../../contract/events.ts';

/** At most five events a second of each kind and subject (design, The window). */
const EVERY_MS = 200;

export interface EventsOptions {
  readonly send: (event: EventName, data: unknown) => void;
  readonly later?: (run: () => void, ms: number) => void;
}

export interface Events {
  /** Tells the window: at once, or, when it was told of the same subject less than 200 ms ago, the latest word after that time. */
  tell<E extends EventName>(event: E, data: EventData<E>): void;
  /** Tells it at once; what still waits of its subject, or of what it ends, is told no more. */
  tellNow<E extends EventName>(event: E, data: EventData<E>): void;
}

/** Events that end what another one tells of. */
const ENDS: Readonly<Partial<Record<EventName, EventName>>> = { runEnded: 'progress', verifyEnded: 'verify' };

/** What an event is about: two of the same subject are one, the later. */
function subjectOf(event: EventName, data: unknown): string {
  const facts = typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
  const id = facts['jobId'] ?? facts['lookupId'] ?? facts['importId'] ?? facts['accountId'] ?? '';
  return `${event} ${typeof id === 'string' || typeof id === 'number' ? id : ''}`;
}

/** An event that waits for its time; null when none does. */
interface Subject {
  waiting: { readonly data: unknown } | null;
}

function afterwards(run: () => void, ms: number): void {
  setTimeout(run, ms).unref();
}

/** Coalesces events, so that however fast a job is, the window is told of it five times a second. */
export function createEvents(options: EventsOptions): Events {
  const { send, later = afterwards } = options;
  const subjects = new Map<string, Subject>();

  function flush(key: string, event: EventName): void {
    const subject = subjects.get(key);
    if (subject === undefined) return;
    // Told of since the wait began, or nothing new: the subject is forgotten, so that none pile up.
    if (subject.waiting === null) {
      subjects.delete(key);
      return;
    }
    const { data } = subject.waiting;
    subject.waiting = null;
    later(() => flush(key, event), EVERY_MS);
    send(event, data);
  }

  return {
    tell(event, data) {
      const key = subjectOf(event, data);
      const subject = subjects.get(key);
      if (subject !== undefined) {
        subject.waiting = { data };
        return;
      }
      subjects.set(key, { waiting: null });
      later(() => flush(key, event), EVERY_MS);
      send(event, data);
    },
    tellNow(event, data) {
      // What still waits of it, or of what it ends, is older.
      for (const older of [event, ENDS[event]]) {
        const subject = older === undefined ? undefined : subjects.get(subjectOf(older, data));
        if (subject !== undefined) subject.waiting = null;
      }
      send(event, data);
    },
  };
}
