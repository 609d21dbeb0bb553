/** Offset of Asia/Shanghai, which has no daylight saving time: eight hours. */
const SHANGHAI_MS = 8 * 3600_000;
const TIME = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/;

/** Milliseconds since 1970 as `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai, whatever this machine's zone is. */
export function shanghaiTime(ms: number): string {
  return new Date(ms + SHANGHAI_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** The instant of `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai, ms since 1970; undefined when the form is another or no such moment exists. */
export function shanghaiMs(text: string): number | undefined {
  if (!TIME.test(text)) return undefined;
  const ms = Date.parse(`${text.replace(' ', 'T')}Z`);
  // 30 February and 24:00:00 are parsed as the day after: only a time that is written back alike exists.
  if (Number.isNaN(ms) || shanghaiTime(ms - SHANGHAI_MS) !== text) return undefined;
  return ms - SHANGHAI_MS;
}
