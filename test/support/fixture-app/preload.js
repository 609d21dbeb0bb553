/* global module, require */
// Everything that may cross the bridge, in one object.
const { contextBridge, ipcRenderer, webUtils } = require('electron');

const hearers = new Set();
ipcRenderer.on('news', (_event, ...args) => {
  for (const hear of hearers) hear(...args);
});

contextBridge.exposeInMainWorld('fixture', {
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  send: (channel, ...args) => ipcRenderer.send(channel, ...args),
  pathOf: (file) => webUtils.getPathForFile(file),
  on: (hear) => {
    hearers.add(hear);
    return () => hearers.delete(hear);
  },
  same: (value) => value,
  apply: (fn, ...args) => fn(...args),
  throws: () => {
    throw new RangeError('thrown');
  },
  rejects: () => Promise.reject(new RangeError('rejected')),
  nested: { deep: { list: [1, 2, 3], say: (word) => `said ${word}` } },
  kindOf: (value) => Object.prototype.toString.call(value),
  sandboxed: process.sandboxed === true,
  canRequire: (name) => {
    try {
      require(name);
      return true;
    } catch {
      return false;
    }
  },
});

module.exports = {};
