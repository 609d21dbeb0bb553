import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { BRIDGE } from '../contract/bridge.ts';
import { createBridge } from './bridge.ts';

contextBridge.exposeInMainWorld(
  BRIDGE,
  createBridge({
    invoke: (channel, route, input) => ipcRenderer.invoke(channel, route, input) as Promise<unknown>,
    on: (channel, hear) => {
      ipcRenderer.on(channel, (event, name: unknown, data: unknown) => hear(event, name, data));
    },
    pathOf: (file) => webUtils.getPathForFile(file as File),
  }),
);
