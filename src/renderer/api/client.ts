import type { BridgeError } from '../../contract/bridge.ts';
import type { EventData, EventName } from '../../contract/events.ts';
import type { ChosenFile, PageRoute, RouteInput, RouteOutput } from '../../contract/routes.ts';

/** A call that main refused or could not do: what a person is told of it, in both languages. */
export class BridgeFailure extends Error {
  override readonly name = 'BridgeFailure';
  readonly error: BridgeError;

  constructor(error: BridgeError) {
    super(error.text.message.en);
    this.error = error;
  }
}

/** Calls a route; throws BridgeFailure. The typed clients beside this file are its only callers. */
export async function call<R extends PageRoute>(route: R, input: RouteInput<R>): Promise<RouteOutput<R>> {
  const envelope = await window.orderConsole.invoke(route, input);
  if (!envelope.ok) throw new BridgeFailure(envelope.error);
  return envelope.data;
}

/** Hears an event of main until the answer is called. */
export function hear<E extends EventName>(event: E, then: (data: EventData<E>) => void): () => void {
  return window.orderConsole.on(event, then);
}

/** Makes a dropped file known to main; throws BridgeFailure when it is not one that can be read in. */
export async function takeFile(file: File): Promise<ChosenFile> {
  const envelope = await window.orderConsole.takeFile(file);
  if (!envelope.ok) throw new BridgeFailure(envelope.error);
  return envelope.data;
}

/** The error of a failed call as data; a fault of the page itself as INTERNAL. */
export function errorOf(thrown: unknown): BridgeError {
  if (thrown instanceof BridgeFailure) return thrown.error;
  // eslint-disable-next-line no-console -- a fault of the page itself: developers and the e2e tests must see it
  console.error(thrown);
  return {
    code: 'INTERNAL',
    text: {
      message: { zh: '这个窗口出了错。', en: 'This window met an error of its own.' },
      remedy: { zh: '请重试；如果还出现，请重启控制台。', en: 'Try again; restart the console if this comes again.' },
    },
    data: {},
  };
}
