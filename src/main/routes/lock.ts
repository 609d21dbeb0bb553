import { appError } from '../../contract/errors.ts';
import type { LockState } from '../../contract/lock.ts';
import { say } from '../../contract/text.ts';
import type { Lock, LockReason } from '../lock/lock.ts';
import type { RouteContext, Routes } from './context.ts';
import { languageOf } from './settings.ts';

const REASON = { zh: '解锁订单控制台', en: 'unlock Order Console' };

/** Locks the window where it has a passphrase, and takes from its page all that it held. */
export function lockWindow(lock: Lock, desk: RouteContext['desk'], why: LockReason): boolean {
  if (!lock.lock(why)) return false;
  desk.reloadPage();
  return true;
}

/** The routes of the lock. They stand on no workspace, so that they answer whatever else does not. */
export function lockRoutes({ desk, settings }: RouteContext, lock: Lock): Routes<'lock'> {
  function state(): LockState {
    const now = settings.get();
    return {
      set: lock.isSet(),
      locked: lock.isLocked(),
      system: desk.canAskPerson(),
      waitMs: lock.waitMs(),
      language: languageOf(now, desk.systemLanguages()),
      theme: now.theme,
    };
  }
  return {
    'lock.state': state,
    'lock.unlock': async ({ passphrase }) => {
      await lock.unlock(passphrase);
      return state();
    },
    'lock.unlockBySystem': async () => {
      const language = languageOf(settings.get(), desk.systemLanguages());
      if (!desk.canAskPerson() || !(await desk.askPerson(say(REASON, language)))) throw notAsked();
      await lock.unlockBySystem();
      return state();
    },
    'lock.set': async ({ passphrase, current }) => {
      await lock.setPassphrase(passphrase, current);
      return state();
    },
    'lock.remove': async ({ current }) => {
      await lock.remove(current);
      return state();
    },
    'lock.now': () => {
      if (!lockWindow(lock, desk, 'person') && !lock.isSet()) throw notSet();
    },
  };
}

function notSet(): Error {
  return appError(
    'LOCK_NOT_SET',
    { zh: '还没有设置锁定口令。', en: 'No passphrase for the lock is set yet.' },
    { zh: '请先在“设置”的“锁定”里设置口令。', en: 'Set one under Lock in the settings first.' },
  );
}

function notAsked(): Error {
  return appError(
    'LOCK_SYSTEM',
    { zh: '系统没有确认是您本人。', en: 'The system did not confirm that it is you.' },
    { zh: '请再试一次，或输入口令。', en: 'Try again, or type the passphrase.' },
  );
}
