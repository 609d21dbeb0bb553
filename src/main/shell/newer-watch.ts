import type { Newer, NewerWish } from '../../contract/newer.ts';
import type { ErrorText } from '../../contract/errors.ts';

/** What looks for a newer version, loads it and verifies it. */
export interface NewerSource {
  /** The newer version's number; null when there is none. */
  look(): Promise<string | null>;
  /** Fulfilled once it is here and verified; it is installed when the program is quit. */
  load(): Promise<void>;
}

/** Whether the package names a feed whose updates can be verified: over https, and on Windows with the publisher to look for. */
export function hasFeed(described: string | null, platform: string): boolean {
  if (described === null || platform === 'linux') return false;
  const isSafe = /^url: ['"]?https:\/\//mu.test(described);
  return isSafe && (platform !== 'win32' || /^publisherName:/mu.test(described));
}

const FORGED = new Set(['ERR_UPDATER_INVALID_SIGNATURE', 'ERR_CHECKSUM_MISMATCH', 'ERR_UPDATER_NO_CHECKSUM']);

const REFUSED: ErrorText = {
  message: {
    zh: '下载的更新与发布者的签名或校验值不符，已丢弃。',
    en: "The update does not bear its publisher's signature or hash, and was thrown away.",
  },
  remedy: {
    zh: '请不要手动安装它；请从您当初取得本程序的地方查看新版本。',
    en: 'Do not install it by hand; look for a new version where you got the console from.',
  },
};
const UNREACHABLE: ErrorText = {
  message: { zh: '无法查询或下载更新。', en: 'The update could not be looked for or loaded.' },
  remedy: {
    zh: '请检查网络后重试；控制台照常可用。',
    en: 'Check the network and try again; the console goes on working.',
  },
};

/** Why a look or a load failed. */
function reasonOf(error: unknown): ErrorText {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return FORGED.has(code) ? REFUSED : UNREACHABLE;
}

/** Looks for a newer version when it is asked to, one thing at a time; loads nothing that nobody asked for. */
export class NewerWatch {
  readonly #source: NewerSource | null;
  readonly #failed: (error: unknown) => void;
  #state: Newer;
  #under: Promise<void> | null = null;

  /** Without a source there is nothing to look at. `failed` is told for the log. */
  constructor(source: NewerSource | null, failed: (error: unknown) => void) {
    this.#source = source;
    this.#failed = failed;
    this.#state = { kind: source === null ? 'none' : 'not_looked' };
  }

  /** Does what was asked, where that can be done now, and answers where it stands. */
  async ask(wish: NewerWish): Promise<Newer> {
    if (wish !== 'state' && this.#source !== null) {
      // What is under way answers for both.
      this.#under ??= this.#do(wish, this.#source).finally(() => (this.#under = null));
      await this.#under;
    }
    return this.#state;
  }

  /** As the setting wants it: looks, and loads what was found. */
  async follow(): Promise<void> {
    const found = await this.ask('look');
    if (found.kind === 'found') await this.ask('load');
  }

  async #do(wish: NewerWish, source: NewerSource): Promise<void> {
    const before = this.#state;
    // What is verified waits for the end of the program, and nothing else is loaded beside it.
    if (before.kind === 'ready') return;
    try {
      if (wish === 'look') {
        const version = await source.look();
        this.#state = version === null ? { kind: 'current' } : { kind: 'found', version };
      } else if (before.kind === 'found') {
        const { version } = before;
        this.#state = { kind: 'loading', version };
        await source.load();
        this.#state = { kind: 'ready', version };
      }
    } catch (error) {
      this.#failed(error);
      this.#state = { kind: 'failed', ...reasonOf(error) };
    }
  }
}
