/* global window, File, matchMedia, HTMLInputElement, HTMLTextAreaElement, Element, getSelection */
// The preload's world: what `require('electron')` gives a sandboxed preload, over a binding to main.
(function isolatedWorld({ secret, everyFrame, driven, argv, env, versions }, createBridge, createCodec, preload) {
  const binding = globalThis.standInBinding;
  delete globalThis.standInBinding;
  const codec = createCodec();
  const bridge = createBridge(secret, ':preload', ':main');
  const waiting = new Map();
  const hearers = new Map();
  let count = 0;
  const post = (message) => binding(JSON.stringify(message));

  bridge.handlers.open = ({ url, name }) => post({ kind: 'open', url, name });

  const listeners = (channel) => hearers.get(channel) ?? [];
  const ipcRenderer = {
    invoke(channel, ...args) {
      return new Promise((resolve, reject) => {
        const id = ++count;
        const text = codec.encode(args);
        waiting.set(id, { resolve, reject });
        post({ kind: 'invoke', id, channel, args: text });
      });
    },
    send: (channel, ...args) => post({ kind: 'send', channel, args: codec.encode(args) }),
    on(channel, hear) {
      hearers.set(channel, [...listeners(channel), hear]);
      return ipcRenderer;
    },
    once(channel, hear) {
      const first = (...args) => {
        ipcRenderer.removeListener(channel, first);
        hear(...args);
      };
      return ipcRenderer.on(channel, first);
    },
    removeListener(channel, hear) {
      const at = listeners(channel).lastIndexOf(hear);
      if (at >= 0) hearers.set(channel, listeners(channel).toSpliced(at, 1));
      return ipcRenderer;
    },
    removeAllListeners(channel) {
      if (channel === undefined) hearers.clear();
      else hearers.delete(channel);
      return ipcRenderer;
    },
    listenerCount: (channel) => listeners(channel).length,
  };
  ipcRenderer.addListener = ipcRenderer.on;
  ipcRenderer.off = ipcRenderer.removeListener;

  /** Main's way in. */
  globalThis.standInReceive = (text) => {
    const message = JSON.parse(text);
    if (message.kind === 'event') {
      const args = codec.decode(message.args);
      for (const hear of listeners(message.channel)) hear({ sender: ipcRenderer, senderId: 0, ports: [] }, ...args);
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) call?.reject(new Error(message.error));
    else call?.resolve(codec.decode(message.value));
  };

  const contextBridge = {
    exposeInMainWorld(key, api) {
      if (key in window) throw new Error('Cannot bind an API on top of an existing property on the window object');
      bridge.send('expose', { key, api: bridge.pack(api) });
    },
  };

  /** The path behind a File. Only the debugger can tell, and only it can answer at once: main hears of the pause and writes `found`. */
  function pathOf(file) {
    if (!(file instanceof File)) throw new TypeError("getPathForFile expected a File object, but one wasn't provided");
    const found = { path: '' };
    // eslint-disable-next-line no-debugger -- the pause is the call: host.ts answers it and lets the page go on
    debugger;
    return found.path;
  }

  const strict = (name, parts) =>
    new Proxy(Object.freeze(parts), {
      get(target, key) {
        if (key in target || typeof key === 'symbol' || key === 'then' || key === 'default' || key === '__esModule')
          return target[key];
        throw new Error(`the stand-in does not provide ${name}.${key} in a preload`);
      },
    });
  const electron = strict('electron', {
    contextBridge: strict('contextBridge', contextBridge),
    ipcRenderer: strict('ipcRenderer', ipcRenderer),
    webUtils: strict('webUtils', { getPathForFile: pathOf }),
  });
  const modules = { electron, 'electron/renderer': electron, 'electron/common': electron };
  const load = (name) => {
    if (Object.hasOwn(modules, name)) return modules[name];
    throw new Error(`module not found: ${name}`);
  };
  const environment = Object.freeze({
    platform: env.platform,
    arch: env.arch,
    argv,
    env: {},
    versions,
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    isMainFrame: window === window.top,
  });

  function runPreload() {
    if (preload === null || (window !== window.top && !everyFrame)) return;
    const module = { exports: {} };
    try {
      preload.call(undefined, load, environment, module.exports, module);
    } catch (error) {
      post({ kind: 'preload-error', message: String(error?.message ?? error), stack: String(error?.stack ?? error) });
    }
  }

  /** What Electron's browser process sees by itself and Chromium's debugger does not tell. */
  function watch() {
    if (window !== window.top) return;
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    window.addEventListener('resize', () => post({ kind: 'resize' }));
    const tellScheme = () => post({ kind: 'scheme', dark: scheme.matches });
    scheme.addEventListener('change', tellScheme);
    tellScheme();
    window.addEventListener('keydown', (event) => {
      const chord =
        event.ctrlKey || event.metaKey || event.altKey || /^F\d+$/.test(event.key) || event.key === 'Escape';
      if (!chord || event.defaultPrevented || event.repeat) return;
      const { key, code, ctrlKey, shiftKey, altKey, metaKey } = event;
      post({ kind: 'key', key, code, control: ctrlKey, shift: shiftKey, alt: altKey, meta: metaKey });
    });
    window.addEventListener('contextmenu', (event) => {
      if (event.defaultPrevented) return;
      // A person keeps Chromium's own menu, as the stand-in draws none; nobody would close it in a test.
      if (driven) event.preventDefault();
      const target = event.composedPath()[0];
      const editable =
        target instanceof HTMLInputElement ||
        target instanceof HTMLTextAreaElement ||
        target?.isContentEditable === true;
      const link = target instanceof Element ? (target.closest('a')?.href ?? '') : '';
      post({
        kind: 'context-menu',
        x: event.clientX,
        y: event.clientY,
        editable,
        selection: String(getSelection() ?? ''),
        link,
      });
    });
  }

  watch();
  runPreload();
});
