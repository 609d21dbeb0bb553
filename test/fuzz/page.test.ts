import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SECURITY_HEADERS } from '../../src/main/shell/headers.ts';
import { replyTo } from '../../src/main/shell/replies.ts';
import { fuzz } from './harness.ts';
import { mutatedBytes, oddText } from './hostile.ts';

const SERVED = ['index.html', 'assets/index-1.js'];
const OUTSIDE = 'what lies outside';
let folder = '';
let root = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fuzz-page-'));
  root = path.join(folder, 'renderer');
  mkdirSync(path.join(root, 'assets'), { recursive: true });
  for (const name of SERVED) writeFileSync(path.join(root, name), name);
  writeFileSync(path.join(folder, 'secret.txt'), OUTSIDE);
  symlinkSync(path.join(folder, 'secret.txt'), path.join(root, 'out.txt'));
  symlinkSync(folder, path.join(root, 'up'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ADDRESSES = [
  ...SERVED.map((name) => `app://console/${name}`),
  'app://console/',
  'app://console/out.txt',
  'app://console/up/secret.txt',
  'app://console/..%2f..%2fsecret.txt',
  'app://console/%2e%2e/secret.txt',
  'app://console/assets/..%5c..%5csecret.txt',
  'app://user:pass@console:80/index.html?a=b#c',
  'file:///etc/passwd',
];
const PARTS = ['..', '.', '%2e%2e', '%2f', '/', '\\', '%00', 'con', 'aux.js', 'up', 'secret.txt', '%', '%e4', ':', '~'];

it('whatever the page asks for, it gets a file of the build or a refusal under the policy, and nothing from outside', async () => {
  const urls = fc.oneof(
    { weight: 4, arbitrary: mutatedBytes(ADDRESSES.map((address) => Buffer.from(address))).map(String) },
    {
      weight: 4,
      arbitrary: fc
        .array(fc.oneof(fc.constantFrom(...PARTS), oddText), { maxLength: 8 })
        .map((parts) => `app://console/${parts.join('/')}`),
    },
    { weight: 1, arbitrary: fc.constantFrom(...ADDRESSES) },
    { weight: 1, arbitrary: oddText },
    { weight: 1, arbitrary: fc.webUrl() },
  );
  const methods = fc.oneof(fc.constantFrom('GET', 'HEAD'), fc.constantFrom('POST', 'TRACE', '', 'get', '__proto__'));
  await fuzz('requests of the page', fc.record({ url: urls, method: methods }), async (request) => {
    const reply = await replyTo(request, root);
    expect([200, 403, 404, 405]).toContain(reply.status);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(reply.headers.get(name)).toBe(value);
    const text = await reply.text();
    expect(text).not.toContain(OUTSIDE);
    if (reply.status === 200 && request.method === 'GET') expect(SERVED).toContain(text);
  });
});
