import { systemPreferences } from 'electron';

/** Whether the system can ask who the person is: by Touch ID, which macOS alone has. */
export function canAskPerson(platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'darwin' && systemPreferences.canPromptTouchID();
}

/** Lets the system ask; false when it is not the person, or they gave up. Never rejects. */
export async function askPerson(reason: string): Promise<boolean> {
  try {
    await systemPreferences.promptTouchID(reason);
    return true;
  } catch {
    return false;
  }
}
