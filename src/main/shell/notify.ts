import { Notification } from 'electron';
import type { MadeNotice } from './notifier.ts';

/** Those that are shown: one that nobody holds may be gone before it is chosen. */
const shown = new Set<Notification>();
const MOST_SHOWN = 20;

/** Shows a notification of the system, where it has any; it makes no sound. */
export function showNotification({ title, body, click }: MadeNotice): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title, body, silent: true });
  const forget = (): void => void shown.delete(notification);
  notification.on('click', () => {
    forget();
    click();
  });
  notification.on('close', forget);
  notification.on('failed', forget);
  shown.add(notification);
  const [oldest] = shown;
  if (shown.size > MOST_SHOWN && oldest !== undefined) shown.delete(oldest);
  notification.show();
}
