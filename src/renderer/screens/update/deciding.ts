import type { Decision } from '../../../contract/job.ts';
import { confirm } from '../../components/confirm.ts';
import { t } from '../../i18n/index.ts';
import { DE } from './words-mend.ts';

/** Asks once before rows in doubt are settled by the person's word, with the count and the account's name. */
export function askDecision(as: Decision['as'], count: number, account: string): Promise<boolean> {
  return confirm({
    title: t(DE.title),
    text: t(as === 'succeeded' ? DE.yesText(count, account) : DE.noText(count, account)),
    verb: t(DE.verb(count)),
    danger: as === 'failed',
  });
}
