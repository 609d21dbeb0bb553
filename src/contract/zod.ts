import { z } from 'zod';

// Zod compiles schemas with `new Function` where it can, which the window's CSP forbids and reports. Set before any schema is made.
z.config({ jitless: true });

export { z };
