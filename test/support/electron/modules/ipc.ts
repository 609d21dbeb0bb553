import { Emitter, nameStrictly } from '../provided.ts';
import { codec } from '../codec.ts';
import type { WebFrameMain } from './frames.ts';
import type { WebContents } from './web-contents.ts';

type Handler = (event: object, ...args: unknown[]) => unknown;

/** Electron's `ipcMain`. */
class IpcMain extends Emitter {
  readonly #handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.#handlers.set(channel, handler);
  }

  handleOnce(channel: string, handler: Handler): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel);
      return handler(event, ...args);
    });
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  handlerOf(channel: string): Handler | null {
    return this.#handlers.get(channel) ?? null;
  }
}

nameStrictly(IpcMain, 'ipcMain');

export const ipcMain = new IpcMain();

function eventOf(sender: WebContents, senderFrame: WebFrameMain | null): Record<string, unknown> {
  return {
    type: 'frame',
    sender,
    senderFrame,
    processId: senderFrame?.processId ?? 0,
    frameId: senderFrame?.routingId ?? 0,
    frameTreeNodeId: senderFrame?.frameTreeNodeId ?? 0,
    ports: [],
    preventDefault: () => undefined,
  };
}

/** Answers `ipcRenderer.invoke`: the answer's message for the page. */
export async function answerInvoke(
  sender: WebContents,
  frame: WebFrameMain | null,
  channel: string,
  args: string,
): Promise<object> {
  try {
    const handler = ipcMain.handlerOf(channel);
    if (handler === null) throw new Error(`No handler registered for '${channel}'`);
    const value = await handler(eventOf(sender, frame), ...(codec.decode(args) as unknown[]));
    return { value: codec.encode(value) };
  } catch (error) {
    return { error: `Error invoking remote method '${channel}': ${String(error)}` };
  }
}

/** Hands on `ipcRenderer.send`. */
export function hearSend(sender: WebContents, frame: WebFrameMain | null, channel: string, args: string): void {
  const reply = (...values: unknown[]): void => sender.send(...(values as [string]));
  ipcMain.emit(channel, { ...eventOf(sender, frame), reply }, ...(codec.decode(args) as unknown[]));
}
