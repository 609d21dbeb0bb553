import type { Bilingual } from './text.ts';
import { z } from './zod.ts';

/** What the audit trail tells of, by its stable name. */
export const AUDIT_WHATS = [
  'account.added',
  'account.changed',
  'account.removed',
  'accounts.reordered',
  'secret.replaced',
  'secret.accepted',
  'rotation.staged',
  'rotation.switched',
  'rotation.finished',
  'job.begun',
  'job.paused',
  'job.finished',
  'job.cancelled',
  'job.refused',
  'job.decided',
  'job.undo',
  'lock.set',
  'lock.removed',
  'lock.locked',
  'lock.unlocked',
  'lock.failed',
  'backup.made',
  'backup.restored',
  'trail.exported',
] as const;
export type AuditWhat = (typeof AUDIT_WHATS)[number];

export const AUDIT_WORDS: Readonly<Record<AuditWhat, Bilingual>> = {
  'account.added': { zh: '添加账号', en: 'Account added' },
  'account.changed': { zh: '修改账号', en: 'Account changed' },
  'account.removed': { zh: '删除账号', en: 'Account removed' },
  'accounts.reordered': { zh: '调整账号顺序', en: 'Accounts reordered' },
  'secret.replaced': { zh: '更换密钥', en: 'Secret replaced' },
  'secret.accepted': { zh: '采用被改过的密钥', en: 'Changed secret accepted' },
  'rotation.staged': { zh: '存入新密钥，与旧的并存', en: 'New secret kept beside the old' },
  'rotation.switched': { zh: '切换密钥', en: 'Secret switched' },
  'rotation.finished': { zh: '删除不用的密钥', en: 'Unused secret deleted' },
  'job.begun': { zh: '开始或继续任务', en: 'Job begun or resumed' },
  'job.paused': { zh: '任务暂停', en: 'Job paused' },
  'job.finished': { zh: '任务完成', en: 'Job finished' },
  'job.cancelled': { zh: '任务取消', en: 'Job cancelled' },
  'job.refused': { zh: '任务没有开始', en: 'Job not begun' },
  'job.decided': { zh: '由人说明未知的行', en: 'Rows in doubt decided' },
  'job.undo': { zh: '建立撤销任务', en: 'Undo job made' },
  'lock.set': { zh: '设置锁定口令', en: 'Lock passphrase set' },
  'lock.removed': { zh: '取消锁定', en: 'Lock taken away' },
  'lock.locked': { zh: '锁定窗口', en: 'Window locked' },
  'lock.unlocked': { zh: '解锁窗口', en: 'Window unlocked' },
  'lock.failed': { zh: '解锁口令错误', en: 'Wrong passphrase at the lock' },
  'backup.made': { zh: '生成备份', en: 'Backup made' },
  'backup.restored': { zh: '从备份恢复', en: 'Restored from a backup' },
  'trail.exported': { zh: '导出审计记录', en: 'Audit trail exported' },
};

const count = z.number().int().nonnegative();

/** One line of the trail. Holds no secret and nobody's personal data. */
export const auditEntrySchema = z
  .object({
    /** From 1, without a gap. */
    n: z.number().int().positive(),
    /** ISO 8601. */
    at: z.string(),
    /** The user of the operating system, and the machine. */
    user: z.string(),
    host: z.string(),
    /** One of `AUDIT_WHATS`; a later console may know more. */
    what: z.string(),
    account: z.object({ id: z.string(), label: z.string() }).readonly().optional(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).readonly(),
  })
  .readonly();
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** What a check of the whole trail may find wrong. */
export const AUDIT_FAULTS = ['altered', 'broken', 'cut_off', 'added', 'no_head', 'no_trail'] as const;

export const auditVerdictSchema = z
  .object({
    ok: z.boolean(),
    entries: count,
    /** The hash of the last line, to be noted elsewhere; '' for an empty trail. */
    head: z.string(),
    fault: z
      .object({
        kind: z.enum(AUDIT_FAULTS),
        /** The first line that does not hold; null where it is about the end. */
        line: count.nullable(),
        message: z.object({ zh: z.string(), en: z.string() }).readonly(),
      })
      .readonly()
      .nullable(),
  })
  .readonly();
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;

/** The newest first. */
export const auditPageSchema = z
  .object({ total: count, entries: z.array(auditEntrySchema).max(200).readonly() })
  .readonly();
