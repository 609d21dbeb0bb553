import { EventEmitter } from 'node:events';

/** What inspectors, promises and Node.js itself look for on any object; and what Electron has on other systems alone. */
const ABSENT = new Set([
  'then',
  'toJSON',
  'inspect',
  'constructor',
  'domain',
  'asymmetricMatch',
  'nodeType',
  'tagName',
  'dock',
  'setUserTasks',
  'getJumpListSettings',
  'setVibrancy',
  'setWindowButtonVisibility',
  'setAutoHideCursor',
  'invalidateShadow',
  'setAppDetails',
  'setThumbarButtons',
]);

function strict(name: string, base: object): object {
  return new Proxy(base, {
    get(target, key, receiver) {
      if (Reflect.has(target, key) || typeof key === 'symbol' || key.startsWith('_') || ABSENT.has(key)) {
        return Reflect.get(target, key, receiver) as unknown;
      }
      throw new Error(`the stand-in does not provide ${name}.${key}`);
    },
  });
}

/** Makes a plain module: what it has, and a clear error for what it has not. */
export function provide<T extends object>(name: string, parts: T): T {
  return Object.setPrototypeOf(parts, strict(name, Object.prototype)) as T;
}

/** An emitter whose subclasses throw a clear error for a member that they do not have. Give its prototype a name with `nameStrictly`. */
export class Emitter extends EventEmitter {}

/** Lets every member that a class lacks throw in the class's name. */
export function nameStrictly(made: { readonly prototype: Emitter }, name: string): void {
  Object.setPrototypeOf(made.prototype, strict(name, Emitter.prototype));
}

/** An event that can be prevented, with Electron's fields on it. */
export type PreventableEvent<T extends object> = T & { readonly defaultPrevented: boolean; preventDefault(): void };

/** Makes an event object. `sender` is Electron's name for what emitted it. */
export function preventable<T extends object>(fields: T): PreventableEvent<T> {
  let prevented = false;
  const event = {
    ...fields,
    preventDefault: () => {
      prevented = true;
    },
  };
  return Object.defineProperty(event, 'defaultPrevented', {
    get: () => prevented,
    enumerable: true,
  }) as PreventableEvent<T>;
}
