/* global window, CustomEvent, structuredClone */
// One end of the way between a page's own world and the preload's, which share a document and no object. Both ends speak by synchronous events
// under a name that only they know; what crosses is copied, functions and promises are stood for by others.
(function createBridge(secret, here, there) {
  const listen = window.addEventListener.bind(window);
  const dispatch = window.dispatchEvent.bind(window);
  const CustomEventHere = CustomEvent;
  const copy = structuredClone;
  /** Functions of this world that the other one may call, by number. */
  const own = new Map();
  const numbers = new WeakMap();
  /** Functions that stand for one of the other world's. */
  const foreign = new WeakMap();
  const promises = new Map();
  const handlers = {};
  /** Electron's words for what is thrown and no error. */
  const NO_ERROR =
    'An unknown exception occurred in the isolated context, an error occurred but a valid exception was not thrown.';
  let count = 0;
  let answer;
  const released = new FinalizationRegistry((id) => send('release', { id }));

  function send(kind, message) {
    dispatch(new CustomEventHere(secret + there, { detail: { kind, ...message } }));
  }

  const kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
  const isContainer = (value) => Array.isArray(value) || kindOf(value) === 'Object';
  const isSpecial = (value) => typeof value === 'function' || value instanceof Promise || value instanceof Error;

  function holdsSpecial(value, seen = new Set()) {
    if (isSpecial(value)) return true;
    if (typeof value !== 'object' || value === null || !isContainer(value) || seen.has(value)) return false;
    seen.add(value);
    return Object.values(value).some((item) => holdsSpecial(item, seen));
  }

  function packFunction(made) {
    const theirs = foreign.get(made);
    if (theirs !== undefined) return { back: theirs };
    let id = numbers.get(made);
    if (id === undefined || !own.has(id)) {
      id = ++count;
      numbers.set(made, id);
      own.set(id, made);
    }
    return { call: id };
  }

  function packPromise(promise) {
    const id = ++count;
    promise.then(
      (value) => settle(id, () => ({ value: pack(value) })),
      (reason) => settle(id, () => failure(reason)),
    );
    return { promise: id };
  }

  function settle(id, make) {
    let message;
    try {
      message = make();
    } catch (error) {
      message = failure(error);
    }
    send('settle', { id, ...message });
  }

  /** Of an error only its message crosses; of anything else a copy. */
  function failure(reason) {
    if (reason instanceof Error) return { error: String(reason.message) };
    try {
      return { reason: pack(reason) };
    } catch (error) {
      return { error: error.message };
    }
  }

  function pack(value) {
    if (typeof value === 'function') return packFunction(value);
    if (value instanceof Promise) return packPromise(value);
    if (value instanceof Error) return { failed: String(value.message) };
    if (!holdsSpecial(value)) {
      try {
        return { copy: copy(value) };
      } catch {
        throw new Error('An object could not be cloned.');
      }
    }
    if (Array.isArray(value)) return { list: Array.from(value, pack) };
    return { members: Object.entries(value).map(([key, item]) => [key, pack(item)]) };
  }

  function unpack(packed) {
    if ('copy' in packed) return packed.copy;
    if ('back' in packed) return own.get(packed.back);
    if ('call' in packed) return standFor(packed.call);
    if ('failed' in packed) return new Error(packed.failed);
    if ('list' in packed) return packed.list.map(unpack);
    if ('members' in packed) return Object.fromEntries(packed.members.map(([key, item]) => [key, unpack(item)]));
    return new Promise((resolve, reject) => promises.set(packed.promise, { resolve, reject }));
  }

  function standFor(id) {
    const made = (...args) => {
      send('call', { id, args: args.map(pack) });
      const given = answer;
      answer = undefined;
      if (given === undefined) throw new Error('The other world is gone.');
      if ('error' in given) throw new Error(given.error);
      return unpack(given.value);
    };
    foreign.set(made, id);
    released.register(made, id);
    return made;
  }

  handlers.call = ({ id, args }) => {
    let given;
    try {
      given = { value: pack(own.get(id)(...args.map(unpack))) };
    } catch (error) {
      given = error instanceof Error ? failure(error) : { error: NO_ERROR };
    }
    send('answer', given);
  };
  handlers.answer = (message) => {
    answer = message;
  };
  handlers.settle = (message) => {
    const waiting = promises.get(message.id);
    promises.delete(message.id);
    if ('error' in message) waiting?.reject(new Error(message.error));
    else if ('reason' in message) waiting?.reject(unpack(message.reason));
    else waiting?.resolve(unpack(message.value));
  };
  handlers.release = ({ id }) => own.delete(id);
  listen(secret + here, (event) => {
    const message = event.detail;
    handlers[message.kind]?.(message);
  });

  return { pack, unpack, send, handlers };
});
