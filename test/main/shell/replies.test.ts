import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECURITY_HEADERS } from '../../../src/main/shell/headers.ts';
import { replyTo } from '../../../src/main/shell/replies.ts';

let folder = '';
let root = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'replies-'));
  root = path.join(folder, 'renderer');
  mkdirSync(path.join(root, 'assets'), { recursive: true });
  writeFileSync(path.join(root, 'index.html'), '<!doctype html>页');
  writeFileSync(path.join(root, 'assets', 'index-1.js'), 'export {}');
  writeFileSync(path.join(folder, 'secret.txt'), 'secret');
  mkdirSync(path.join(folder, 'renderer-2'));
  writeFileSync(path.join(folder, 'renderer-2', 'secret.txt'), 'secret');
  symlinkSync(path.join(folder, 'secret.txt'), path.join(root, 'out.txt'));
  symlinkSync(path.join(folder, 'renderer-2'), path.join(root, 'sibling'));
  symlinkSync(path.join(root, 'index.html'), path.join(root, 'inside.html'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reply = (url: string, method = 'GET'): Promise<Response> => replyTo({ url: `app://console${url}`, method }, root);

describe('replyTo', () => {
  it('serves the page at its address, never from a cache', async () => {
    const response = await reply('/');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<!doctype html>页');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-length')).toBe('18');
    expect(response.headers.get('cache-control')).toBe('no-cache');
  });

  it('serves what is named by its content from a cache', async () => {
    const response = await reply('/assets/index-1.js');
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toContain('immutable');
  });

  it('answers HEAD without a body', async () => {
    const response = await reply('/', 'HEAD');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'get'])('refuses %s', async (method) => {
    const response = await reply('/', method);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  it.each(['/none.js', '/assets', '/index.html/x'])('finds no %s', async (url) => {
    expect((await reply(url)).status).toBe(404);
  });

  it.each(['/out.txt', '/sibling/secret.txt', '/..%2fsecret.txt', '/%00'])('forbids %s', async (url) => {
    const response = await reply(url);
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain('secret');
  });

  it('follows a link that stays below the root', async () => {
    expect((await reply('/inside.html')).status).toBe(200);
  });

  it('answers for a root that is a link itself', async () => {
    const link = path.join(folder, 'link');
    symlinkSync(root, link);
    expect((await replyTo({ url: 'app://console/', method: 'GET' }, link)).status).toBe(200);
  });

  it.each(['/', '/none.js', '/out.txt'])('says the rules with every reply: %s', async (url) => {
    const { headers } = await reply(url);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(headers.get(name)).toBe(value);
  });
});
