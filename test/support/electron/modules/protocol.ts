import { provide } from '../provided.ts';
import { addScheme } from '../addresses.ts';

export type SchemeHandler = (request: Request) => Response | Promise<Response>;

/** Who serves a session's own schemes. */
export class SessionProtocol {
  readonly #handlers = new Map<string, SchemeHandler>();

  handle(scheme: string, handler: SchemeHandler): void {
    if (this.#handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    addScheme(scheme);
    this.#handlers.set(scheme, handler);
  }

  unhandle(scheme: string): void {
    if (!this.#handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
  }

  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme) || ['http', 'https', 'file', 'data', 'blob'].includes(scheme);
  }

  handlerOf(scheme: string): SchemeHandler | null {
    return this.#handlers.get(scheme) ?? null;
  }
}

Object.setPrototypeOf(SessionProtocol.prototype, Object.getPrototypeOf(provide('protocol', {})) as object);

/** To be called before ready, once: the schemes get an origin of their own. */
export function registerSchemesAsPrivileged(schemes: readonly { readonly scheme: string }[]): void {
  for (const { scheme } of schemes) addScheme(scheme);
}
