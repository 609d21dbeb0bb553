/** Switches of Chromium's that open a program to others, weaken its pages or write its memory down; none has a use in an installed console. */
const OPEN_DOORS = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'remote-allow-origins',
  'auto-open-devtools-for-tabs',
  'load-extension',
  'disable-web-security',
  'allow-running-insecure-content',
  'disable-site-isolation-trials',
  'ignore-certificate-errors',
  'host-resolver-rules',
  'enable-crash-reporter',
  'crash-dumps-dir',
  'log-net-log',
  'ssl-key-log-file',
] as const;

/**
 * Takes away the switches by which another program would drive or look into the pages of an installed console. What Node.js has of that is
 * off by Electron's fuses. To be called first of all, before Electron reads them.
 */
export function closeDoors(app: {
  readonly isPackaged: boolean;
  readonly commandLine: { removeSwitch(name: string): void };
}): void {
  if (!app.isPackaged) return;
  for (const name of OPEN_DOORS) app.commandLine.removeSwitch(name);
}
