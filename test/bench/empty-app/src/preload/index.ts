import { contextBridge } from 'electron';

contextBridge.exposeInMainWorld('empty', { versions: { ...process.versions } });
