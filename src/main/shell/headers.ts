/** What the page may load and do. Nothing inline, no eval, nothing remote; `data:` for images alone, which a style sheet's masks need. */
const POLICY: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
  // Vue's own policy, without which it could not render; no other code may turn a text into markup.
  'require-trusted-types-for': "'script'",
  'trusted-types': 'vue',
};

/** Browser features that the page has no use for; the permission handlers refuse them, too. */
const REFUSED_FEATURES = [
  'camera',
  'clipboard-read',
  'clipboard-write',
  'display-capture',
  'fullscreen',
  'geolocation',
  'hid',
  'idle-detection',
  'local-fonts',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'window-management',
];

/** A policy's header text. */
export function policyText(policy: Readonly<Record<string, string>>): string {
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

/** The Content-Security-Policy of every reply of `app://console/`. */
export const CONTENT_POLICY = policyText(POLICY);

/** The policy with some directives replaced, and left out where null: for development alone. */
export const policyWith = (changes: Readonly<Record<string, string | null>>): string =>
  policyText(Object.fromEntries(Object.entries({ ...POLICY, ...changes }).filter(isKept)));

const isKept = (entry: [string, string | null]): entry is [string, string] => entry[1] !== null;

/** Headers of every reply, refusals too. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_POLICY,
  'Permissions-Policy': REFUSED_FEATURES.map((feature) => `${feature}=()`).join(', '),
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
};
