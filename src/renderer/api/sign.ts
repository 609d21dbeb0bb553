import type { SignWish } from '../../contract/sign.ts';
import { call } from './client.ts';

/** Signs at the sign desk; nothing is sent. */
export const makeSign = (wish: SignWish) => call('sign.make', wish);
