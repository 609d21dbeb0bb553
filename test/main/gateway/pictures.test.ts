import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/contract/account.ts';
import { Pictures, pictureTarget, pictureType } from '../../../src/main/gateway/pictures.ts';
import { startTwin, type PolyvOrder, type Twin } from '../../../src/main/twins/index.ts';

let twin: Twin<PolyvOrder>;
const pictures = new Pictures();

beforeAll(async () => {
  twin = await startTwin('polyv', { orders: 100, vendorOptions: { covers: 'own' } });
});
afterAll(async () => {
  await pictures.close();
  await twin.close();
});

const accountOf = (environment: Account['environment'], hosts: readonly string[]): Account => ({
  id: 'shop',
  label: 'Shop',
  vendor: 'polyv',
  environment,
  baseUrl: 'https://api.polyv.net',
  hosts: [...hosts],
  plain: {},
  settings: {},
  createdAt: '2026-01-01T00:00:00.000Z',
});
const ours = (): Account => accountOf('twin', [new URL(twin.url).host]);
const HOSTS = ['videocc.net'];

describe('where a picture may lie', () => {
  it.each([
    ['//liveimages.videocc.net/a/b.jpg?x=1', 'https://liveimages.videocc.net', '/a/b.jpg?x=1'],
    ['https://videocc.net/b.png', 'https://videocc.net', '/b.png'],
  ])('%s is the vendor’s', (address, origin, path) => {
    const to = pictureTarget(accountOf('live', ['api.polyv.net']), address, HOSTS);
    expect([to.target.origin, to.path, to.target.secure]).toEqual([origin, path, true]);
  });

  it.each([
    ['http://liveimages.videocc.net/a.jpg'],
    ['//videocc.net.evil.example/a.jpg'],
    ['//evilvideocc.net/a.jpg'],
    ['//user@liveimages.videocc.net/a.jpg'],
    ['//liveimages.videocc.net:8443/a.jpg'],
    ['//api.polyv.net/a.jpg'],
    ['//127.0.0.1/a.jpg'],
    ['//[::1]/a.jpg'],
    ['file:///etc/passwd'],
    ['data:image/png;base64,AAAA'],
    ['javascript:alert(1)'],
    ['//liveimages.videocc.net/a b.jpg'],
    ['//liveimages。videocc.net/a.jpg'],
    ['/local.jpg'],
    [''],
  ])('%s is not', (address) => {
    expect(() => pictureTarget(accountOf('live', ['api.polyv.net']), address, HOSTS)).toThrow(
      expect.objectContaining({ code: 'PICTURE_FAILED' }) as Error,
    );
  });

  it('for a twin is its own host alone', () => {
    expect(pictureTarget(ours(), `//${new URL(twin.url).host}/covers/1.png`, HOSTS).target.origin).toBe(twin.url);
    for (const address of ['//127.0.0.1:1/a.png', '//liveimages.videocc.net/a.jpg']) {
      expect(() => pictureTarget(ours(), address, HOSTS)).toThrow();
    }
  });
});

describe('a picture', () => {
  const addressOf = (name: string): string => `//${new URL(twin.url).host}/covers/${name}`;

  it('is read as its bytes say it is, with nothing of the account', async () => {
    const picture = await pictures.read(ours(), addressOf('3.png'), HOSTS);
    expect(picture.type).toBe('image/png');
    expect(picture.bytes.length).toBeGreaterThan(60);
    expect(twin.ledger.arrivals.at(-1)).toMatchObject({ method: 'GET', path: '/covers/3.png' });
  });

  it.each([
    ['7.txt', /is no picture/],
    ['8.big', /larger than 2 MB/],
    ['nothing', /No picture came/],
  ])('%s is refused', async (name, why) => {
    await expect(pictures.read(ours(), addressOf(name), HOSTS)).rejects.toMatchObject({
      code: 'PICTURE_FAILED',
      text: { message: { en: expect.stringMatching(why) as string } },
    });
  });

  it.each<[string, readonly number[], string | null]>([
    ['a JPEG', [0xff, 0xd8, 0xff, 0xe0], 'image/jpeg'],
    ['a GIF', [...Buffer.from('GIF89a')], 'image/gif'],
    ['a WebP', [...Buffer.from('RIFF0000WEBPVP8 ')], 'image/webp'],
    ['a wave file', [...Buffer.from('RIFF0000WAVEfmt ')], null],
    ['an SVG', [...Buffer.from('<svg onload="x">')], null],
    ['nothing', [], null],
  ])('is told by its first bytes: %s', (_name, bytes, type) => {
    expect(pictureType(Uint8Array.from(bytes))).toBe(type);
  });
});
