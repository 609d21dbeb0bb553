interface Reply {
  readonly id?: number;
  readonly error?: { readonly message: string };
  readonly result?: {
    readonly result: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
  };
}

/** Node.js' inspector in a main process: evaluates there, where `electron` is Electron's own module. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #count = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply;
      if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
    });
  }

  static async open(address: string): Promise<Inspector> {
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', () => reject(new Error(`no inspector at ${address}`)), { once: true });
    });
    return new Inspector(socket);
  }

  /** The value of a function's body in main, awaited; throws its error. */
  async main(body: string): Promise<unknown> {
    const expression = `(async () => {
      // It can be reached before it has loaded anything.
      while (process.mainModule === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
      const electron = process.mainModule.require('electron');
      ${body}
    })()`;
    const { result, error } = await this.#send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (error !== undefined) throw new Error(error.message);
    const problem = result?.exceptionDetails;
    if (problem !== undefined) throw new Error(problem.exception?.description ?? problem.text);
    return result?.result.value;
  }

  /** The value of an expression in the window's page, awaited; waits for the window and for its page to be there. */
  page(expression: string): Promise<unknown> {
    return this.main(`
      const look = () => electron.BrowserWindow.getAllWindows()[0];
      while (look() === undefined || look().webContents.isLoading()) await new Promise((resolve) => setTimeout(resolve, 20));
      return look().webContents.executeJavaScript(${JSON.stringify(expression)});`);
  }

  close(): void {
    this.#socket.close();
  }

  #send(method: string, params: object): Promise<Reply> {
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
