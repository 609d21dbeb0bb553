import { call } from './client.ts';

export const readAudit = (offset: number, limit: number) => call('audit.page', { offset, limit });
export const verifyAudit = () => call('audit.verify', undefined);
export const exportAudit = () => call('audit.export', undefined);
